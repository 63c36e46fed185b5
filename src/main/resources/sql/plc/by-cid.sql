select o.id, 'did:plc:' || a.did as did, 'bafyrei' || o.cid as cid
from plc_operation o
join plc_account a on a.id = o.account
where 'bafyrei' || o.cid = any(?)
