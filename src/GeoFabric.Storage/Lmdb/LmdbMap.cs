using System.Diagnostics;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Lmdb;

/// <summary>The memory map of an environment: where it lies, how full it is, and how it grows. Only the writer's thread calls its methods.</summary>
internal sealed unsafe class LmdbMap
{
    /// <summary>Readers are held back no longer than this in one go.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(50);

    private readonly LmdbEnvironmentHandle _environment;
    private readonly ReaderGate _gate;
    private readonly LmdbOptions _options;
    private nuint _base;
    private long _sizeBytes;
    private long _usedBytes;

    public LmdbMap(LmdbEnvironmentHandle environment, ReaderGate gate, LmdbOptions options, long sizeBytes)
    {
        _environment = environment;
        _gate = gate;
        _options = options;
        _sizeBytes = sizeBytes;
        LmdbStatus.ThrowIfFailed(LmdbNative.mdb_env_stat(environment.Pointer, out var statistics), "read the page size");
        PageSizeBytes = (int)statistics.PageSize;
        RefreshUsed();
    }

    public int PageSizeBytes { get; }

    /// <summary>Bytes of the file up to the last page ever used. Readable from any thread.</summary>
    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>Whether the map starts at a known address, so that <see cref="Contains"/> can tell its pages from others.</summary>
    public bool IsLocated => _base != 0;

    /// <summary>
    /// Whether an address lies in the map. Inside a write transaction such a page is a clean one, which nobody changes before the
    /// transaction ends; every other address belongs to a dirty page on the heap.
    /// </summary>
    public bool Contains(byte* address) => _base != 0 && (nuint)address - _base < (nuint)_sizeBytes;

    /// <summary>
    /// Learns the map's address from a value on a clean page. The library does not tell it, but each page begins with its own number,
    /// and values sit on the first page of a run at the latest 16 bytes after its begin.
    /// </summary>
    public void Locate(byte* valueOnCleanPage)
    {
        // With pages larger than the system's the map need not be aligned to them; copies are made of everything then.
        if (PageSizeBytes > Environment.SystemPageSize)
            return;
        var page = (nuint)valueOnCleanPage & ~((nuint)PageSizeBytes - 1);
        var pageNumber = *(nuint*)page;
        if (pageNumber < (nuint)(_sizeBytes / PageSizeBytes))
            _base = page - (pageNumber * (nuint)PageSizeBytes);
    }

    public void RefreshUsed()
    {
        if (LmdbNative.mdb_env_info(_environment.Pointer, out var info) == LmdbStatus.Success)
            Volatile.Write(ref _usedBytes, ((long)info.LastPageNumber + 1) * PageSizeBytes);
    }

    /// <summary>Grows a nearly full map when no snapshot happens to be open, so that no batch ever has to wait for it.</summary>
    public void GrowAhead()
    {
        if (UsedBytes > _sizeBytes / 4 * 3 && _sizeBytes < _options.MapSizeMaxBytes)
            TryGrow(TimeSpan.Zero);
    }

    /// <summary>Doubles the map, up to the ceiling. Replacing it needs a moment without snapshots; new ones wait for at most 50 ms at a time.</summary>
    /// <returns>Null when grown, or else the reason.</returns>
    public GeoFabricException? TryGrow(TimeSpan patience)
    {
        if (_sizeBytes >= _options.MapSizeMaxBytes)
            return ErrorCodes.StorageFull.With($"the fabric has reached its configured size of {_options.MapSizeMaxBytes} bytes; nothing of this write is stored");
        var sizeBytes = Math.Min(_options.MapSizeMaxBytes, 2 * _sizeBytes);
        // A map that is taken down and cannot be put up again would take the readers with it.
        if (!PosixNative.CanReserveAddresses(sizeBytes))
            return ErrorCodes.StorageFull.With($"the process gets no address space for a map of {sizeBytes} bytes; nothing of this write is stored");
        var start = Stopwatch.GetTimestamp();
        while (!_gate.TryPause(patience < PauseMax ? patience : PauseMax))
        {
            if (Stopwatch.GetElapsedTime(start) >= patience)
                return ErrorCodes.StorageFull.With($"the map is full and could not grow, because a snapshot stayed open for over {patience.TotalSeconds:0.#} s; nothing of this write is stored");
            _gate.WaitForNone(2 * PauseMax);
        }
        try
        {
            LmdbStatus.ThrowIfFailed(LmdbNative.mdb_env_set_mapsize(_environment.Pointer, (nuint)sizeBytes), "grow the map");
            _sizeBytes = sizeBytes;
            _base = 0;
            return null;
        }
        finally
        {
            _gate.Resume();
        }
    }
}
