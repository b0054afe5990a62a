import type { Host } from "../engine/index.ts";

/** A host that does some things otherwise than the one below it. A host's methods are its class's: they cannot be spread. */
export function hostAround(host: Host, own: Partial<Host>): Host {
  return {
    run: (request) => host.run(request),
    call: (request) => host.call(request),
    measure: (ref) => host.measure(ref),
    probe: (request) => host.probe(request),
    read: (request) => host.read(request),
    mark: (handle, kind, message) => host.mark(handle, kind, message),
    release: (ranges) => host.release(ranges),
    cancel: (reason) => host.cancel(reason),
    ...own,
  };
}
