package io.github.visitorcounter.benchmark.pass;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/** The heap that a collection leaves. */
public final class LiveHeap {

    private LiveHeap() {}

    /**
     * Collects, and returns what is left in bytes, as reported by the collection itself: a later reading would include
     * up to a hundred megabytes of new objects.
     */
    public static long bytes() {
        System.gc();
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(Objects::nonNull)
                .max(Comparator.comparing(GcInfo::getEndTime))
                .map(collection -> heapBytes(collection.getMemoryUsageAfterGc()))
                .orElseThrow(
                        () -> new IllegalStateException("There was no collection; is explicit collection disabled?"));
    }

    private static long heapBytes(Map<String, MemoryUsage> pools) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(pool -> pools.get(pool.getName()))
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }
}
