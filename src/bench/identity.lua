-- wrk: what WHAT says (info, handle, bulk, autocomplete, typo), about accounts of the file that ACCOUNTS names: DID and handle a line.
local dids, handles = {}, {}
for line in io.lines(os.getenv("ACCOUNTS")) do
  local did, handle = line:match("(%S+) (%S+)")
  dids[#dids + 1], handles[#handles + 1] = did, handle
end
math.randomseed(os.time())
local what = os.getenv("WHAT")
local json = {["Content-Type"] = "application/json"}

function request()
  local i = math.random(#dids)
  if what == "info" then return wrk.format("GET", "/info/" .. dids[i]) end
  if what == "handle" then return wrk.format("GET", "/info/" .. handles[i]) end
  if what == "bulk" then
    local asked = {}
    for n = 1, 1000 do
      local j = math.random(#dids)
      asked[n] = '"' .. (n % 2 == 0 and dids[j] or handles[j]) .. '"'
    end
    return wrk.format("POST", "/info", json, '{"accounts":[' .. table.concat(asked, ",") .. "]}")
  end
  local label = handles[i]:match("^[^.]+")
  if what == "autocomplete" then -- as somebody types it: one letter, two, three…
    return wrk.format("GET", "/autocomplete/" .. label:sub(1, math.random(1, #label)))
  end
  local at = math.random(2, #label) -- a letter too much
  return wrk.format("GET", "/autocomplete/" .. label:sub(1, at) .. "x" .. label:sub(at + 1))
end
