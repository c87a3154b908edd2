using GeoFabric.Primitives.Keys;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>
/// Walks the entries of a multi-dimensional index whose points lie in a box. What lies outside is stepped over for a while, as neighbours are cheap, then
/// jumped over.
/// </summary>
internal sealed class BoxCursor : ICursor
{
    /// <summary>Entries outside of the box to step over before it costs less to look for the next one inside.</summary>
    private const int StepsMax = 8;

    private readonly ICursor _entries;
    private readonly ulong[] _lower;
    private readonly ulong[] _upper;
    private readonly ulong[] _point;
    private readonly ulong[] _next;
    private readonly byte[] _seek;
    private readonly int _pointAt;
    private bool _isStarted;

    /// <param name="start">Prefix of the index and values of the prefix fields, behind which the points stand.</param>
    /// <param name="lower">No greater than <paramref name="upper"/> in any dimension.</param>
    public BoxCursor(IStorageReader storage, ReadOnlySpan<byte> start, ulong[] lower, ulong[] upper)
    {
        _entries = storage.OpenCursor(KeyRange.WithPrefix(start));
        _lower = lower;
        _upper = upper;
        _point = new ulong[lower.Length];
        _next = new ulong[lower.Length];
        _pointAt = start.Length;
        _seek = [.. start, .. new byte[lower.Length * ZOrder.BytesPerDimension]];
    }

    public ReadOnlySpan<byte> Key => _entries.Key;

    public ReadOnlySpan<byte> Value => _entries.Value;

    public static BoxCursor? Open(IStorageReader storage, ReadOnlySpan<byte> start, IndexBox box)
    {
        var lower = new ulong[box.Lower.Length];
        var upper = new ulong[box.Lower.Length];
        for (var i = 0; i < lower.Length; i++)
        {
            lower[i] = box.Lower[i] is { } least ? ZOrder.Coordinate(least) : 0;
            upper[i] = box.Upper[i] is { } greatest ? ZOrder.Coordinate(greatest) : ZOrder.Highest;
            if (lower[i] > upper[i])
                return null;
        }
        return new BoxCursor(storage, start, lower, upper);
    }

    public bool MoveNext()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _lower.CopyTo(_next, 0);
            if (!SeekNext())
                return false;
        }
        else if (!_entries.MoveNext())
        {
            return false;
        }
        for (var steps = 0; ; steps++)
        {
            ZOrder.Read(_entries.Key.Slice(_pointAt, _lower.Length * ZOrder.BytesPerDimension), _point);
            if (IsInside())
                return true;
            if (steps < StepsMax)
            {
                if (!_entries.MoveNext())
                    return false;
                continue;
            }
            steps = 0;
            if (!ZOrder.TryFindNext(_point, _lower, _upper, _next) || !SeekNext())
                return false;
        }
    }

    public bool Seek(ReadOnlySpan<byte> key) => throw new NotSupportedException("A box is walked from its beginning.");

    public void Dispose() => _entries.Dispose();

    private bool SeekNext()
    {
        ZOrder.Write(_next, _seek.AsSpan(_pointAt));
        return _entries.Seek(_seek);
    }

    private bool IsInside()
    {
        for (var i = 0; i < _point.Length; i++)
        {
            if (_point[i] < _lower[i] || _point[i] > _upper[i])
                return false;
        }
        return true;
    }
}
