internal import Foundation
internal import Glibc

/// Keeps a second gateway from a database: it would take the first one's live calls for abandoned.
///
/// The kernel lets go of the lock however the process ends; the file beside the database stays.
struct StoreLock: ~Copyable, Sendable {
    private let descriptor: Int32

    init(of path: String) throws(RecordStoreError) {
        let descriptor = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(place: path, reason: unsafe String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(place: path)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
