"""Awaitables of one half of a separated verdict, for which the other half waits."""


async def _await(awaitable):
    return await awaitable


def wait_for(holder, awaitable):
    """Runs an awaitable to its end on the holder's loop; where a loop runs already, on one in a thread of its own."""
    import asyncio

    if asyncio._get_running_loop() is None:
        if holder.loop is None:
            holder.loop = asyncio.new_event_loop()
        return holder.loop.run_until_complete(_await(awaitable))
    import threading

    outcome = []

    def run():
        give_back = holder.peer.borrow_thread()
        try:
            outcome.append((True, asyncio.run(_await(awaitable))))
        except BaseException as error:
            outcome.append((False, error))
        finally:
            give_back()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    done, value = outcome[0]
    if not done:
        raise value
    return value
