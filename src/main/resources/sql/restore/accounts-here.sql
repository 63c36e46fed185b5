-- Their numbers of accounts and ours, by the DID.
create temp table restored_account on commit drop as
select max(r.id) as theirs, a.id as ours
from restored_plc_account r
join plc_account a on 'did:plc:' || a.did = 'did:plc:' || r.did
group by a.id
