using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;

namespace GeoFabric.Database.Requests;

/// <summary>The requests that have been carried out, here and elsewhere: <see cref="Keyspace.RequestIds"/>.</summary>
internal static class RequestEntries
{
    /// <summary>How long a request can be sent again. One that not all regions know of yet is kept until they do.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private const int SweptPerTurn = 1000;

    /// <summary>What came of a request: as the client heard it here, or else of the region that stands for it; null when it is not known here.</summary>
    public static RequestEntry? Find(IStorageReader storage, UInt128 id, ChangeOrigin own)
    {
        RequestEntry? found = null;
        using var cursor = storage.OpenCursor(KeyLayout.RequestsOf(id));
        while (cursor.MoveNext())
        {
            var entry = RequestEntry.Read(cursor.Key, cursor.Value);
            if (entry.Origin == own)
                return entry;
            if (found is null || entry.Stamp < found.Stamp)
                found = entry;
        }
        return found;
    }

    /// <exception cref="GeoFabricException">1455 when the id was used for something else.</exception>
    public static void DemandSame(RequestEntry entry, WriteRequest request)
    {
        if (entry.Digest != 0 && request.Digest != 0 && entry.Digest != request.Digest)
        {
            throw ErrorCodes.RequestIdReused.With(
                $"X-Request-Id {Format(request.Id)} belongs to another request, with another path or body; use a new id for a new request, the old one to send the same again");
        }
    }

    public static string Format(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    public static void Put(IWriteTransaction storage, UInt128 id, RequestEntry entry)
    {
        var key = KeyLayout.RequestKey(id, entry.Origin);
        storage.Put(key, entry.Write(key));
        storage.Put(KeyLayout.RequestTimeKey(entry.Timestamp.Bits, id, entry.Origin), []);
    }

    /// <summary>Notes that another region has carried out a request, as its record tells. A transaction that was cut has the id in all its records; the first stands for it.</summary>
    /// <returns>As <see cref="Adopt"/>.</returns>
    public static bool PutForeign(IWriteTransaction storage, ChangeOrigin own, ChangeRecord record)
    {
        var (wireId, key) = OnlyDocument(record.Operations);
        return Adopt(storage, own, record.RequestId, new RequestEntry(record.Origin, record.Sequence, record.Timestamp, default, 0, wireId, key, IsVoid: false, null));
    }

    /// <summary>Notes what came of a request in another region, unless it is known.</summary>
    /// <returns>Whether that was before this region carried it out: then what was done here is void, and that it has to be taken back is noted too.</returns>
    public static bool Adopt(IWriteTransaction storage, ChangeOrigin own, UInt128 id, RequestEntry entry)
    {
        if (!storage.TryGet(KeyLayout.RequestKey(id, entry.Origin), out _))
            Put(storage, id, entry);
        var ownKey = KeyLayout.RequestKey(id, own);
        if (entry.Origin == own || entry.Sequence == 0 || !storage.TryGet(ownKey, out var stored))
            return false;
        var mine = RequestEntry.Read(ownKey, stored);
        if (mine.IsVoid || mine.Sequence == 0 || mine.Stamp < entry.Stamp)
            return false;
        storage.Put(ownKey, (mine with { IsVoid = true }).Write(ownKey));
        storage.Put(KeyLayout.VoidRequestKey(id), [PendingWorkRecord.Version]);
        return true;
    }

    /// <summary>Forgets requests that are old enough, a bounded number.</summary>
    /// <param name="until">Those up to here may be forgotten.</param>
    /// <returns>Whether none is left to forget.</returns>
    public static bool Sweep(IWriteTransaction storage, HybridTimestamp until)
    {
        var due = new List<byte[]>();
        using (var cursor = storage.OpenCursor(KeyLayout.RequestsUpTo(until.Bits)))
        {
            while (due.Count < SweptPerTurn && cursor.MoveNext())
                due.Add(cursor.Key.ToArray());
        }
        foreach (var key in due)
        {
            storage.Delete(key);
            storage.Delete(KeyLayout.RequestKeyOfTime(key));
        }
        return due.Count < SweptPerTurn;
    }

    private static (ulong WireId, string? Key) OnlyDocument(IReadOnlyList<ChangeOperation> operations)
    {
        if (operations.Count == 0 || operations[0].WireId == 0 || operations[0].Key.Length == 0)
            return (0, null);
        foreach (var operation in operations)
        {
            if (operation.WireId != operations[0].WireId || !operation.Key.AsSpan().SequenceEqual(operations[0].Key))
                return (0, null);
        }
        return (operations[0].WireId, Encoding.UTF8.GetString(operations[0].Key));
    }
}
