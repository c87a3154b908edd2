using System.Collections.Immutable;

namespace GeoFabric.Storage.InMemory;

/// <summary>Reads of one root of the persistent set: fixed for a snapshot, moving for a transaction.</summary>
internal abstract class InMemoryReader(ImmutableSortedSet<Entry> root) : IStorageReader
{
    private byte[] _probe = new byte[StorageKey.SizeMax];

    public ImmutableSortedSet<Entry> Root { get; protected set; } = root;

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        ThrowIfEnded();
        var position = PositionOf(key);
        value = position < 0 ? default : Root[position].Value;
        return position >= 0;
    }

    public bool Contains(ReadOnlySpan<byte> key)
    {
        ThrowIfEnded();
        return PositionOf(key) >= 0;
    }

    public void GetMany(KeyBatch batch)
    {
        for (var index = 0; index < batch.Count; index++)
        {
            if (TryGet(batch.KeyAt(index), out var value))
                batch.SetValue(index, value);
        }
    }

    public ICursor OpenCursor(KeyRange range, ScanDirection direction = ScanDirection.Forward)
    {
        ThrowIfEnded();
        return new InMemoryCursor(this, range, direction);
    }

    /// <summary>The position of a key, or the complement of the position of the next greater one.</summary>
    public int PositionOf(ReadOnlySpan<byte> key)
    {
        if (key.Length > _probe.Length)
            _probe = new byte[key.Length];
        key.CopyTo(_probe);
        return Root.IndexOf(new Entry(_probe, key.Length));
    }

    public abstract void ThrowIfEnded();
}
