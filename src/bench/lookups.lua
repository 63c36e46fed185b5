-- wrk: GET /{did} for DIDs of the file that DIDS names, at random.
local dids = {}
for line in io.lines(os.getenv("DIDS")) do dids[#dids + 1] = line end
math.randomseed(os.time())
function request()
  return wrk.format("GET", "/" .. dids[math.random(#dids)])
end
