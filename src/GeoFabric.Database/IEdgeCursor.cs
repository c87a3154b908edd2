using GeoFabric.Primitives.Values;

namespace GeoFabric.Database;

/// <summary>Walks the edges at one end, vertex by vertex, without reading them. Use from one thread; dispose before the reader.</summary>
public interface IEdgeCursor : IDisposable
{
    /// <summary>Stands before the first edge at a vertex.</summary>
    /// <param name="vertexId">The vertex's <c>_id</c> in UTF-8; what is no identifier has no edges.</param>
    void Seek(ReadOnlySpan<byte> vertexId);

    /// <summary>Stands behind the edge at a vertex whose <see cref="Position"/> that was: how to go on after having been elsewhere.</summary>
    void SeekBehind(ReadOnlySpan<byte> vertexId, ReadOnlySpan<byte> position);

    /// <summary>Moves to the vertex's next edge. The edges of one vertex come in no particular order, but always in the same.</summary>
    bool MoveNext();

    /// <summary>The <c>_id</c> at the other end of the present edge.</summary>
    ReadOnlySpan<byte> OtherEnd { get; }

    /// <summary>The present edge's <c>_key</c> in UTF-8.</summary>
    ReadOnlySpan<byte> EdgeKey { get; }

    /// <summary>Where the cursor stands, for <see cref="SeekBehind"/>; only while positioned.</summary>
    ReadOnlySpan<byte> Position { get; }

    /// <summary>The present edge, read from storage.</summary>
    Value Edge { get; }
}
