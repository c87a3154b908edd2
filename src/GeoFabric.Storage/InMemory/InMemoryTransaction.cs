using System.Collections.Immutable;

namespace GeoFabric.Storage.InMemory;

/// <summary>One work's view. Savepoints are old roots, which a persistent set keeps for free.</summary>
internal sealed class InMemoryTransaction(ImmutableSortedSet<Entry> root) : InMemoryReader(root), IWriteTransaction
{
    private readonly List<(ImmutableSortedSet<Entry> Root, long GrowthBytes)> _savepoints = [];
    private bool _isEnded;

    /// <summary>By how much the keys and values of this work outweigh those it replaced or deleted.</summary>
    public long GrowthBytes { get; private set; }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ThrowIfEnded();
        StorageKey.ThrowIfImpossible(key);
        // A set keeps the old one of two equal entries, so it has to go first.
        Delete(key);
        Root = Root.Add(Entry.Create(key, value));
        GrowthBytes += key.Length + value.Length;
    }

    public bool Delete(ReadOnlySpan<byte> key)
    {
        ThrowIfEnded();
        var position = PositionOf(key);
        if (position < 0)
            return false;
        var entry = Root[position];
        Root = Root.Remove(entry);
        GrowthBytes -= entry.Key.Length + entry.Value.Length;
        return true;
    }

    public int DeleteRange(KeyRange range, int limit)
    {
        var count = 0;
        using var cursor = OpenCursor(range);
        while (count < limit && cursor.MoveNext())
        {
            Delete(cursor.Key);
            count++;
        }
        return count;
    }

    public Savepoint Mark()
    {
        ThrowIfEnded();
        _savepoints.Add((Root, GrowthBytes));
        return new Savepoint(_savepoints.Count - 1);
    }

    public void RollbackTo(Savepoint savepoint)
    {
        ThrowIfEnded();
        if ((uint)savepoint.Position >= (uint)_savepoints.Count)
            throw new ArgumentException("The savepoint belongs to another work, or a rollback to an earlier one has ended it.", nameof(savepoint));
        (Root, GrowthBytes) = _savepoints[savepoint.Position];
        _savepoints.RemoveRange(savepoint.Position + 1, _savepoints.Count - savepoint.Position - 1);
    }

    public void End() => _isEnded = true;

    public override void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_isEnded, this);
}
