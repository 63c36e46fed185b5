// Asks the clients of the protocol for what the mirror does not have, and prints how each takes the answer.
// node absent.mjs MIRROR HANDLE UNKNOWN_HANDLE UNREACHABLE_HANDLE DID UNKNOWN_DID TOMBSTONED_DID OTHER_METHODS_DID
import { XrpcDidDocumentResolver, XrpcHandleResolver as AtcuteHandleResolver } from '@atcute/identity-resolver'
import { XrpcHandleResolver } from '@atproto-labs/handle-resolver'
import { AtpAgent } from '@atproto/api'
import { IdResolver } from '@atproto/identity'

const [mirror, handle, noHandle, silent, did, noDid, tombstone, otherDid] = process.argv.slice(2)
const api = new AtpAgent({ service: mirror }).com.atproto.identity
const oauth = new XrpcHandleResolver(mirror)
const atcuteHandle = new AtcuteHandleResolver({ serviceUrl: mirror })
const atcuteDid = new XrpcDidDocumentResolver({ serviceUrl: mirror })
const identity = new IdResolver({ plcUrl: mirror })

const taken = (call) => call.then((found) => (found === null ? 'none' : 'found'), (e) => e.constructor.name)
const all = async (call, names) =>
  Object.fromEntries(await Promise.all(Object.entries(names).map(async ([name, value]) => [name, await taken(call(value))])))
const handles = { known: handle, unknown: noHandle, silent }
const dids = { known: did, unknown: noDid, tombstone, other: otherDid }

console.log(JSON.stringify({
  oauth: await all((handle) => oauth.resolve(handle), handles),
  atcuteHandle: await all((handle) => atcuteHandle.resolve(handle), handles),
  atcuteDid: await all((did) => atcuteDid.resolve(did), dids),
  apiDid: await all((did) => api.resolveDid({ did }), dids),
  apiIdentity: await all((identifier) => api.resolveIdentity({ identifier }), { ...dids, handle, noHandle }),
  directory: await all((did) => identity.did.resolve(did), { known: did, unknown: noDid, tombstone }),
}))
