namespace GeoFabric.Database.Layout;

/// <summary>
/// The value of an entry of pending work: version u8 (1), and, for an index that is being filled, contents id u32 and the last document key done.
/// </summary>
internal static class PendingWorkRecord
{
    public const byte Version = 1;

    public static byte[] WriteBuild(uint contentsId, ReadOnlySpan<byte> encodedKeyDone)
    {
        var record = new byte[5 + encodedKeyDone.Length];
        record[0] = Version;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(1), contentsId);
        encodedKeyDone.CopyTo(record.AsSpan(5));
        return record;
    }

    /// <summary>Where to go on with a build of these contents: behind this key. Empty means from the start.</summary>
    public static ReadOnlySpan<byte> ReadBuild(ReadOnlySpan<byte> record, uint contentsId)
    {
        if (record.IsEmpty || record[0] != Version)
            throw new InvalidDataException("pending work of an unknown version");
        return record.Length >= 5 && KeyLayout.ReadId(record, 1) == contentsId ? record[5..] : default;
    }
}
