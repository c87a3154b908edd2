using System.Buffers.Binary;
using System.Security.Cryptography;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Salvage;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database;

/// <summary>
/// Takes over what a removed region had written and nobody got: its log behind the end that the others agreed on, transaction by transaction, as writes of
/// this region. Each is a request with an id, its client's own or one made from its stamp, so it happens once whichever region is asked how often.
/// </summary>
/// <remarks>Thread-safe, like its <see cref="FabricDatabase"/>.</remarks>
public sealed class FabricSalvage
{
    private readonly FabricDatabase _database;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<ChangeOrigin, SalvagedStamps> _stamps = [];

    internal FabricSalvage(FabricDatabase database) => _database = database;

    /// <summary>How far a removed region's log has been taken over.</summary>
    public (ulong Through, SalvageCounts Counts) Read(SalvageSource source)
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        return SalvageMark.Find(snapshot, source) is { } mark ? (mark.Position.Sequence, mark.Counts) : (source.End, default);
    }

    /// <summary>Reads this region's own log, whole transactions of it.</summary>
    /// <param name="bytesMax">Ends with the transaction that reaches this size.</param>
    public IReadOnlyList<SalvagedRecord> ReadOwn(ulong fromSequence, int bytesMax)
    {
        var replica = _database.Replica;
        var records = new List<ReadOnlyMemory<byte>>(replica.ReadLog(replica.Origin, fromSequence, bytesMax));
        while (records.Count > 0 && ChangeRecord.Read(records[^1].Span) is var last && last.Flags.HasFlag(ChangeFlags.MoreFollows))
            records.AddRange(replica.ReadLog(replica.Origin, last.LastSequence + 1, 1));
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        return [.. records.Select(bytes => new SalvagedRecord(bytes, IsTakenBack(snapshot, ChangeRecord.Read(bytes.Span).RequestId)))];
    }

    /// <summary>Sums up this region's own log from a sequence on.</summary>
    public SalvageTail Summarize(ulong fromSequence)
    {
        const int Bytes = 4 << 20;
        var documents = new HashSet<(ulong, string)>();
        var requests = new HashSet<UInt128>();
        var (records, operations) = (0L, 0L);
        var replica = _database.Replica;
        for (var next = fromSequence; replica.ReadLog(replica.Origin, next, Bytes) is { Count: > 0 } read;)
        {
            foreach (var bytes in read)
            {
                var record = ChangeRecord.Read(bytes.Span);
                records++;
                next = record.LastSequence + 1;
                if (record.RequestId != 0)
                    requests.Add(record.RequestId);
                foreach (var operation in record.Operations.Where(operation => operation.Kind != ChangeKind.On))
                {
                    operations++;
                    if (operation.Key.Length > 0)
                        documents.Add((operation.WireId, System.Text.Encoding.UTF8.GetString(operation.Key)));
                }
            }
        }
        return new SalvageTail(records, operations, documents.Count, requests.Count);
    }

    /// <summary>Takes over records in the order of the log; those taken over before are left out.</summary>
    /// <param name="records">Whole transactions.</param>
    /// <exception cref="GeoFabricException">10 for records that do not follow or make no sense, 1477 when this region has not got yet what they depend on, 1479 for a collection others keep.</exception>
    public async Task<SalvageResult> TakeAsync(SalvageSource source, IReadOnlyList<SalvagedRecord> records, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await TakeAllAsync(source, Split(source, records), cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw ErrorCodes.BadParameter.With($"a record of '{source.Region}' makes no sense: {error.Message}", error);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SalvageResult> TakeAllAsync(SalvageSource source, List<(List<ChangeRecord> Records, bool IsTakenBack)> transactions, CancellationToken cancellationToken)
    {
        var began = Begin(source);
        var mark = began;
        var counts = new SalvageCounts();
        var notes = new List<string>();
        if (!_stamps.TryGetValue(source.Origin, out var stamps))
            _stamps[source.Origin] = stamps = new SalvagedStamps();
        try
        {
            foreach (var (records, isTakenBack) in transactions.Where(transaction => transaction.Records[0].Sequence > mark.Position.Sequence))
            {
                var position = mark.Position;
                if (records[0].Sequence != position.Sequence + 1)
                    throw ErrorCodes.BadParameter.With($"record {records[0].Sequence} of '{source.Region}' does not follow {position.Sequence}, up to which its log has been taken over");
                foreach (var record in records)
                    position = position.After(record.LastSequence, record.Timestamp, record.Dependencies);
                DemandDependencies(source, position);
                counts += await TakeAsync(source, records, position, stamps, isTakenBack, notes, cancellationToken);
                mark = mark with { Position = position };
            }
        }
        finally
        {
            // What was taken is taken, also when the next could not be.
            if (mark.Position.Sequence > began.Position.Sequence)
            {
                var reached = mark with { Counts = mark.Counts + counts };
                await _database.WriteAsync(_database.SystemScope, transaction =>
                {
                    reached.Store(transaction, source);
                    return true;
                }, CancellationToken.None);
            }
        }
        return new SalvageResult(counts, mark.Position.Sequence, notes);
    }

    private async Task<SalvageCounts> TakeAsync(
        SalvageSource source, List<ChangeRecord> records, AppliedPosition position, SalvagedStamps stamps, bool isTakenBack, List<string> notes, CancellationToken cancellationToken)
    {
        var id = isTakenBack ? 0 : records[0].RequestId;
        // Whether a request that is so old was sent again elsewhere is no longer known.
        var isForgotten = id != 0 && position.Timestamp.UnixMilliseconds <= (_database.Time.GetUtcNow() - RequestEntries.Kept).ToUnixTimeMilliseconds();
        var request = new WriteRequest(id == 0 || isForgotten ? DeriveId(source.Origin, position.Timestamp) : id, 0);
        var hasWork = false;
        try
        {
            var counts = await _database.WriteAsync(
                _database.SystemScope,
                request,
                transaction =>
                {
                    var taken = new SalvagedTransaction(transaction, source, position, stamps, takes: !isForgotten, notes).Take(records);
                    hasWork = transaction.HasMaintenanceWork || transaction.HasCatalogChange;
                    return taken;
                },
                cancellationToken);
            if (hasWork)
                _database.WakeMaintenance();
            return counts;
        }
        catch (RequestAppliedException)
        {
            return new SalvageCounts { Known = records.Sum(record => record.Operations.Count(operation => operation.Kind != ChangeKind.On)) };
        }
    }

    private SalvageMark Begin(SalvageSource source)
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        if (SalvageMark.Find(snapshot, source) is { } mark)
            return mark;
        var position = _database.Replica.ReadState().Vector.PositionOf(source.Origin);
        return position.Sequence >= source.End
            ? new SalvageMark(position with { Sequence = source.End }, default)
            : throw ErrorCodes.RegionUnavailable.With($"record {source.End} of '{source.Region}' counts, and this region has got its log up to {position.Sequence} only; try again");
    }

    private void DemandDependencies(SalvageSource source, AppliedPosition position)
    {
        var applied = _database.Replica.ReadState().Vector.Regions;
        foreach (var (region, timestamp) in position.Context)
        {
            if (region != _database.Origin.Region && region != source.Origin.Region && source.IsMember(region) && applied.GetValueOrDefault(region) < timestamp)
                throw ErrorCodes.RegionUnavailable.With($"'{source.Region}' had seen more of region {region} than this one has; try again when the two are linked");
        }
    }

    private static List<(List<ChangeRecord> Records, bool IsTakenBack)> Split(SalvageSource source, IReadOnlyList<SalvagedRecord> records)
    {
        var transactions = new List<(List<ChangeRecord> Records, bool IsTakenBack)>();
        var open = new List<ChangeRecord>();
        foreach (var (bytes, isTakenBack) in records)
        {
            var record = ChangeRecord.Read(bytes.Span);
            if (record.Origin != source.Origin)
                throw new InvalidDataException($"it is of region {record.Origin.Region}, incarnation {record.Origin.Incarnation}");
            if (open.Count > 0 && (record.Sequence != open[^1].LastSequence + 1 || record.Timestamp != open[^1].Timestamp))
                throw new InvalidDataException($"record {record.Sequence} does not belong to the transaction before it");
            open.Add(record);
            if (record.Flags.HasFlag(ChangeFlags.MoreFollows))
                continue;
            transactions.Add((open, isTakenBack));
            open = [];
        }
        return open.Count == 0 ? transactions : throw new InvalidDataException("the last transaction is not whole");
    }

    private bool IsTakenBack(FabricSnapshot snapshot, UInt128 request)
    {
        if (request == 0)
            return false;
        var key = KeyLayout.RequestKey(request, _database.Origin);
        return snapshot.Storage.TryGet(key, out var stored) && RequestEntry.Read(key, stored).IsVoid && !snapshot.Storage.TryGet(KeyLayout.VoidRequestKey(request), out _);
    }

    private static UInt128 DeriveId(ChangeOrigin origin, HybridTimestamp timestamp)
    {
        Span<byte> source = stackalloc byte[18];
        "salvage"u8.CopyTo(source);
        BinaryPrimitives.WriteUInt16BigEndian(source[7..], origin.Region);
        source[9] = origin.Incarnation;
        BinaryPrimitives.WriteUInt64BigEndian(source[10..], timestamp.Bits);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(source, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
