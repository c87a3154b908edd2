using System.Runtime.CompilerServices;
using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Indexes;

/// <summary>Puts an edge into the chunks of a vertex, or takes one out.</summary>
/// <remarks>
/// The chunk of an edge is the last one whose key is not behind the edge's own. Only the edge behind a change is written anew, because what it shares with the one
/// before is another; everything after it stays as it is. A chunk that grows too large is split in its middle, or behind its last edge when the new one
/// comes there: keys ascend. One without edges goes away. Belongs to the writer.
/// </remarks>
internal sealed class EdgeChunkChanger
{
    private const int RoomSize = EdgeChunk.SizeMax + (4 * EdgeChunk.EdgeSizeMax);

    private readonly EdgeChunkReader _edges = new();
    private readonly EdgeChunkReader _before = new();

    /// <param name="start">Prefix and fields: how the keys of all chunks of the vertex begin.</param>
    /// <param name="entry">The same and the edge's encoded key.</param>
    [SkipLocalsInit]
    public void Put(IWriteTransaction storage, ReadOnlySpan<byte> start, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> otherEnd, bool isTruncated)
    {
        Span<byte> empty = stackalloc byte[EdgeChunk.HeaderSize];
        using var chunks = OpenAt(storage, start, entry, out var isFound);
        if (!isFound)
            EdgeChunk.WriteHeader(empty, start.Length - KeyLayout.IndexPrefixSize, isTruncated);
        var chunk = isFound ? chunks.Value : empty;
        var edge = new EdgeOfChunk(entry[start.Length..], otherEnd);
        Span<byte> changed = stackalloc byte[RoomSize];
        changed = changed[..Splice(chunk, edge, isKept: true, changed, out var wasThere, out var isLast)];
        var key = isFound ? chunks.Key : start;
        if (changed.Length <= EdgeChunk.SizeMax || chunk.Length == EdgeChunk.HeaderSize)
            storage.Put(key, changed);
        else if (isLast && !wasThere)
            PutNewChunk(storage, start, chunk[..EdgeChunk.HeaderSize], edge, []);
        else
            Split(storage, start, key, changed);
    }

    /// <returns>Whether it was there.</returns>
    [SkipLocalsInit]
    public bool Delete(IWriteTransaction storage, ReadOnlySpan<byte> start, ReadOnlySpan<byte> entry)
    {
        using var chunks = OpenAt(storage, start, entry, out var isFound);
        if (!isFound)
            return false;
        Span<byte> changed = stackalloc byte[RoomSize];
        changed = changed[..Splice(chunks.Value, new EdgeOfChunk(entry[start.Length..], default), isKept: false, changed, out var wasThere, out _)];
        if (!wasThere)
            return false;
        if (changed.Length == EdgeChunk.HeaderSize)
            storage.Delete(chunks.Key);
        else
            storage.Put(chunks.Key, changed);
        return true;
    }

    private static ICursor OpenAt(IStorageReader storage, ReadOnlySpan<byte> start, ReadOnlySpan<byte> entry, out bool isFound)
    {
        var chunks = storage.OpenCursor(new KeyRange(start.ToArray(), null), ScanDirection.Backward);
        isFound = chunks.Seek(entry) && chunks.Key.StartsWith(start);
        return chunks;
    }

    /// <summary>Writes a chunk with an edge in it, or without it.</summary>
    /// <param name="isLast">Whether no edge is behind its place.</param>
    /// <returns>The number of bytes written.</returns>
    private int Splice(ReadOnlySpan<byte> chunk, EdgeOfChunk edge, bool isKept, Span<byte> into, out bool wasThere, out bool isLast)
    {
        var (edges, before) = (_edges, _before);
        edges.Begin();
        before.Begin();
        var compared = -1;
        var hasNext = edges.MoveNext(chunk);
        while (hasNext && (compared = edges.DocumentKey.SequenceCompareTo(edge.DocumentKey)) < 0)
        {
            before.MoveNext(chunk);
            hasNext = edges.MoveNext(chunk);
        }
        wasThere = hasNext && compared == 0;
        if (wasThere)
            hasNext = edges.MoveNext(chunk);
        isLast = !hasNext;

        var size = before.At;
        chunk[..size].CopyTo(into);
        if (isKept)
            size += EdgeChunk.WriteEdge(into[size..], before.Edge, edge);
        if (!hasNext)
            return size;
        size += EdgeChunk.WriteEdge(into[size..], isKept ? edge : before.Edge, edges.Edge);
        var rest = chunk[edges.At..];
        rest.CopyTo(into[size..]);
        return size + rest.Length;
    }

    private void Split(IWriteTransaction storage, ReadOnlySpan<byte> start, ReadOnlySpan<byte> key, ReadOnlySpan<byte> chunk)
    {
        var edges = _edges;
        edges.Begin();
        edges.MoveNext(chunk);
        var middle = edges.At;
        // The first edge that crosses the middle begins the second chunk; there is one behind the first.
        while (edges.MoveNext(chunk) && edges.At < chunk.Length / 2)
            middle = edges.At;
        storage.Put(key, chunk[..middle]);
        PutNewChunk(storage, start, chunk[..EdgeChunk.HeaderSize], edges.Edge, chunk[edges.At..]);
    }

    [SkipLocalsInit]
    private static void PutNewChunk(IWriteTransaction storage, ReadOnlySpan<byte> start, ReadOnlySpan<byte> header, EdgeOfChunk first, ReadOnlySpan<byte> rest)
    {
        Span<byte> chunk = stackalloc byte[RoomSize];
        header.CopyTo(chunk);
        var size = header.Length + EdgeChunk.WriteEdge(chunk[header.Length..], default, first);
        rest.CopyTo(chunk[size..]);
        Span<byte> key = stackalloc byte[KeyLayout.KeySizeMax];
        start.CopyTo(key);
        first.DocumentKey.CopyTo(key[start.Length..]);
        storage.Put(key[..(start.Length + first.DocumentKey.Length)], chunk[..(size + rest.Length)]);
    }
}
