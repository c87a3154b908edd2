namespace GeoFabric.Storage.InMemory;

/// <summary>One entry: key and value behind each other in one array. Stored entries are pinned, so that spans over them do not move.</summary>
internal readonly struct Entry(byte[] bytes, int keyLength)
{
    public ReadOnlySpan<byte> Key => bytes.AsSpan(0, keyLength);

    public ReadOnlySpan<byte> Value => bytes.AsSpan(keyLength);

    public static Entry Create(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(key.Length + value.Length, pinned: true);
        key.CopyTo(bytes);
        value.CopyTo(bytes.AsSpan(key.Length));
        return new Entry(bytes, key.Length);
    }
}

/// <summary>Orders entries by their keys as unsigned bytes, as every engine does.</summary>
internal sealed class EntryComparer : IComparer<Entry>
{
    public static readonly EntryComparer Instance = new();

    public int Compare(Entry x, Entry y) => x.Key.SequenceCompareTo(y.Key);
}
