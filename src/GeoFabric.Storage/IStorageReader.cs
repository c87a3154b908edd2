namespace GeoFabric.Storage;

/// <summary>Reads of a snapshot or of the writer's transaction.</summary>
/// <remarks>Every span handed out stays valid, and does not move, until the snapshot is disposed or the writer's work returns.</remarks>
public interface IStorageReader
{
    bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);

    /// <summary>Whether there is such a key; an engine may know without going through its tree.</summary>
    bool Contains(ReadOnlySpan<byte> key);

    /// <summary>Asks <see cref="Contains"/> of every key of the batch in one trip.</summary>
    /// <param name="areThere">As many as there are keys, in their order.</param>
    void ContainsMany(KeyBatch keys, Span<bool> areThere)
    {
        for (var index = 0; index < keys.Count; index++)
            areThere[index] = Contains(keys.KeyAt(index));
    }

    /// <summary>Looks up every key of the batch in one trip and files the values under the keys' positions.</summary>
    void GetMany(KeyBatch batch);

    /// <summary>A cursor over a range, before its first entry. Dispose it before its snapshot.</summary>
    ICursor OpenCursor(KeyRange range, ScanDirection direction = ScanDirection.Forward);
}

/// <summary>A consistent view of one commit. Use it from one thread at a time.</summary>
public interface ISnapshot : IStorageReader, IDisposable
{
    /// <summary>The same view once more, for another thread to use at the same time. The view ends when all of them have been disposed.</summary>
    ISnapshot Fork();
}

/// <summary>The writer's turn: sees its own writes and those of the works before it.</summary>
public interface IWriteTransaction : IStorageReader
{
    void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <returns>Whether there was such a key.</returns>
    bool Delete(ReadOnlySpan<byte> key);

    /// <summary>Deletes at most <paramref name="limit"/> entries from the start of a range.</summary>
    /// <returns>The number of deleted entries; fewer than the limit means the range is empty now.</returns>
    int DeleteRange(KeyRange range, int limit);

    /// <summary>Marks the present state; <see cref="RollbackTo"/> returns to it by undoing every write made since.</summary>
    Savepoint Mark();

    void RollbackTo(Savepoint savepoint);
}

/// <summary>A state inside one work, good until the work ends.</summary>
public readonly record struct Savepoint(int Position);

public enum ScanDirection
{
    Forward,
    Backward,
}

/// <summary>Walks the entries of a range in key order, or in reverse.</summary>
public interface ICursor : IDisposable
{
    /// <summary>Moves to the next entry in the cursor's direction; the first call moves to the first entry. O(1) amortised.</summary>
    /// <returns><see langword="false"/> past the end of the range; the cursor is then unpositioned.</returns>
    bool MoveNext();

    /// <summary>
    /// Moves to the first entry at or after <paramref name="key"/> in the cursor's direction (at or before it when walking backward) that lies in the range.
    /// </summary>
    /// <remarks>O(log n).</remarks>
    bool Seek(ReadOnlySpan<byte> key);

    /// <summary>The present entry's key; only while positioned.</summary>
    ReadOnlySpan<byte> Key { get; }

    /// <summary>The present entry's value; only while positioned.</summary>
    ReadOnlySpan<byte> Value { get; }
}
