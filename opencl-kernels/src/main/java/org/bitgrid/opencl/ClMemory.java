package org.bitgrid.opencl;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jocl.CL;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/**
 * The device's memory: blocks in size classes that are used again, under a budget of bytes. Because the queue runs in
 * order, a block may be used again before the kernel that read it last has run.
 *
 * <p>Under pressure: free blocks of other sizes go first, then the garbage collector is asked to find buffers that
 * nobody reaches, with growing pauses, and only then is it an error that lists who holds what.
 */
final class ClMemory {
    private static final int FIRST_PAUSE_MS = 1;
    private static final int PAUSES = 9;
    private static final long SMALLEST = 256;

    private final ClApi api;
    private final cl_context context;
    private final ClDevice device;
    private final long budget;
    /** Free blocks by size in bytes. */
    private final TreeMap<Long, ArrayDeque<cl_mem>> free = new TreeMap<>();
    private final Map<String, Long> liveByPurpose = new HashMap<>();
    private long liveBytes;
    private long freeBytes;
    private int liveBlocks;

    ClMemory(ClApi api, cl_context context, ClDevice device, long budget) {
        this.api = api;
        this.context = context;
        this.device = device;
        this.budget = budget;
    }

    /** Device memory that is in use; freeing it twice does nothing. Knows nothing of the buffer that owns it. */
    final class Block implements Runnable {
        final cl_mem memory;
        private final long bytes;
        private final String purpose;
        private boolean given;

        private Block(cl_mem memory, long bytes, String purpose) {
            this.memory = memory;
            this.bytes = bytes;
            this.purpose = purpose;
        }

        @Override
        public void run() {
            give(this);
        }
    }

    /** The class of a size: powers of two, with three steps between. */
    static long sizeClass(long bytes) {
        if (bytes <= SMALLEST) {
            return SMALLEST;
        }
        long step = Math.max(64, Long.highestOneBit(bytes - 1) / 4);
        return (bytes + step - 1) / step * step;
    }

    /**
     * A block of at least this many bytes.
     *
     * @param purpose for the report: the operator whose output it will hold
     */
    Block take(long bytes, String purpose) {
        if (bytes > device.largestBuffer()) {
            throw new DeviceOutOfMemoryException("opencl: " + purpose + ": array is too large for " + device + "; got "
                    + bytes + " bytes; expected at most " + device.largestBuffer() + "; split the batch",
                    CL.CL_INVALID_BUFFER_SIZE);
        }
        long size = Math.min(sizeClass(bytes), device.largestBuffer());
        int pause = FIRST_PAUSE_MS;
        for (int attempt = 0; ; attempt++) {
            Block block = tryTake(size, purpose);
            if (block != null) {
                return block;
            }
            if (attempt == PAUSES) {
                throw new DeviceOutOfMemoryException("opencl: " + purpose + ": no memory left on " + device + "; got "
                        + size + " bytes asked for, budget " + budget + "; " + report()
                        + "; close scopes earlier, lower the batch size or raise -Dbitgrid.opencl.memory",
                        CL.CL_MEM_OBJECT_ALLOCATION_FAILURE);
            }
            System.gc(); // unreachable buffers are freed by their cleaners
            try {
                Thread.sleep(pause);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            pause *= 2;
        }
    }

    private synchronized Block tryTake(long size, String purpose) {
        ArrayDeque<cl_mem> bucket = free.get(size);
        cl_mem memory = bucket == null ? null : bucket.poll();
        if (memory != null) {
            freeBytes -= size;
        } else {
            while (liveBytes + freeBytes + size > budget && freeBytes > 0) {
                releaseLargest();
            }
            if (liveBytes + size > budget) {
                return null;
            }
            memory = create(size);
            if (memory == null) {
                return null;
            }
        }
        liveBytes += size;
        liveBlocks++;
        liveByPurpose.merge(purpose, size, Long::sum);
        return new Block(memory, size, purpose);
    }

    private cl_mem create(long size) {
        while (true) {
            try {
                return api.createBuffer(context, size);
            } catch (OpenClException failed) {
                if (!ClStatus.isOutOfMemory(failed.status())) {
                    throw failed;
                }
                if (freeBytes == 0) {
                    return null;
                }
                releaseLargest();
            }
        }
    }

    private void releaseLargest() {
        Map.Entry<Long, ArrayDeque<cl_mem>> largest = free.lastEntry();
        if (largest.getValue().isEmpty()) {
            free.remove(largest.getKey());
            return;
        }
        api.releaseBuffer(largest.getValue().poll());
        freeBytes -= largest.getKey();
    }

    private synchronized void give(Block block) {
        if (block.given) {
            return;
        }
        block.given = true;
        liveBytes -= block.bytes;
        liveBlocks--;
        liveByPurpose.computeIfPresent(block.purpose, (purpose, bytes) -> bytes == block.bytes ? null
                : bytes - block.bytes);
        free.computeIfAbsent(block.bytes, size -> new ArrayDeque<>()).push(block.memory);
        freeBytes += block.bytes;
    }

    synchronized long liveBytes() {
        return liveBytes;
    }

    synchronized int liveBlocks() {
        return liveBlocks;
    }

    /** Live bytes by operator, the largest first. */
    synchronized String report() {
        return "live bytes by operator: " + liveByPurpose.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry::getKey))
                .map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", "))
                + (liveByPurpose.isEmpty() ? "none" : "");
    }
}
