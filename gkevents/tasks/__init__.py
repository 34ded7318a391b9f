"""Work that is done while nobody waits for it: workers, the scheduler that hints at what is to be done, `work --once`.

The only room that knows dramatiq, redis, structlog and prometheus-client. A message is only a hint that names ids: what
is to be done is always read from the store, so nothing is lost with a broker, and nothing is done twice.
"""
