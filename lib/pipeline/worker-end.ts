/** Ends this worker process at once, and all that it started. */
export function endProcess(): void {
  try {
    if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
  } catch {
    // It leads no group: then it has started nothing that must end with it.
  }
  process.kill(process.pid, 'SIGKILL');
}
