"""A cloud and a gateway over it, for as long as one call takes."""

import asyncio
from contextlib import asynccontextmanager

from cloud import Cloud
from gateway import BenchError, Gateway

# A port that was free may be somebody's by the time the gateway wants it.
TRIES = 4


@asynccontextmanager
async def rig(tools, name, settings, by_name=False, preload=None):
    """Both run in the background of other calls: starting and stopping them takes a thread each."""
    cloud = Cloud(tools.cloud, tools.folder, name, by_name=by_name)
    await asyncio.to_thread(cloud.__enter__)
    try:
        gateway = await ready(tools, name, settings, cloud.environment | (preload or {}))
        try:
            yield cloud, gateway
        finally:
            await asyncio.to_thread(gateway.__exit__)
    finally:
        await asyncio.to_thread(cloud.__exit__)


async def ready(tools, name, settings, environment):
    for tries in range(TRIES):
        gateway = Gateway(
            tools.binary, tools.folder, name, settings | tools.settings, preload=environment
        )
        try:
            await asyncio.to_thread(gateway.__enter__)
            return gateway
        except BenchError:
            if tries + 1 == TRIES or "Address already in use" not in gateway.log.read_text():
                raise
    return None
