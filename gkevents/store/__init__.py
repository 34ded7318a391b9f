"""How events lie in the database: the only room that knows `eventsourcing` and the tables of the log.

`tables` (what lies there), `engine` (how a store is opened), `reading` (rows -> events, without eventsourcing),
`codec` and `recorder` (events -> rows, through eventsourcing's interfaces), `log` (a write, start to end), `trouble`.
"""
