using System.Globalization;
using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Change records with the model's operations, in the layout of real ones.</summary>
internal static class ModelRecord
{
    /// <summary>Collections have one document type and scope each.</summary>
    private const ulong FirstCollection = 1000;

    public static byte[] Write(
        ChangeOrigin origin, ulong sequence, HybridTimestamp timestamp, HybridTimestamp stable, ulong epoch, bool moreFollows,
        IReadOnlyList<ChangeDependency> dependencies, IReadOnlyList<ModelChange> changes)
    {
        var context = new FrameWriter(32);
        context.Byte(ChangeRecordHeader.ChangedDependencies);
        context.Number((ulong)dependencies.Count);
        foreach (var dependency in dependencies)
        {
            context.Number(dependency.Region);
            context.Number(timestamp.Bits - dependency.Timestamp.Bits);
        }
        var header = new ChangeRecordHeader
        {
            Flags = moreFollows ? ChangeFlags.MoreFollows : ChangeFlags.None,
            Origin = origin,
            Sequence = sequence,
            LastSequence = sequence,
            Timestamp = timestamp,
            StableDistance = timestamp.Bits - stable.Bits,
            Epoch = epoch,
        };
        return ChangeRecordHeader.Assemble(header, context.Written, WriteOperations(changes));
    }

    /// <summary>The operations of a record; those that were removed on the way are not there.</summary>
    public static List<ModelChange> ReadChanges(ReadOnlyMemory<byte> record)
    {
        var changes = new List<ModelChange>();
        foreach (var (scope, key, kind, payload) in ReadOperations(record))
        {
            var text = Encoding.UTF8.GetString(key.Span);
            var modelKey = new ModelKey((ModelKind)text[0], int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture), scope);
            changes.Add(new ModelChange(modelKey, (ChangeVerb)kind, new FrameReader(payload).Signed()));
        }
        return changes;
    }

    /// <summary>The scopes that operations of a record belong to.</summary>
    public static IEnumerable<ulong> ReadScopes(ReadOnlyMemory<byte> record) => ReadOperations(record).Select(operation => operation.Scope);

    private static byte[] WriteOperations(IReadOnlyList<ModelChange> changes)
    {
        var writer = new FrameWriter(64);
        var runs = changes.GroupBy(change => change.Key.Scope).OrderBy(run => run.Key).ToList();
        writer.Number((ulong)runs.Count);
        foreach (var run in runs)
        {
            writer.Number(FirstCollection + run.Key);
            writer.Number(run.Key);
            writer.Number((ulong)run.Count());
            foreach (var change in run)
            {
                var payload = new FrameWriter(10);
                payload.Signed(change.Value);
                writer.Bytes(Encoding.UTF8.GetBytes($"{(char)change.Key.Kind}{change.Key.Number.ToString(CultureInfo.InvariantCulture)}"));
                writer.Number(1);
                writer.Byte((byte)change.Verb);
                writer.Bytes(default);
                writer.Bytes(payload.Written);
            }
        }
        return writer.Written.ToArray();
    }

    private static List<(ulong Scope, ReadOnlyMemory<byte> Key, byte Kind, ReadOnlyMemory<byte> Payload)> ReadOperations(ReadOnlyMemory<byte> record)
    {
        var operations = new List<(ulong, ReadOnlyMemory<byte>, byte, ReadOnlyMemory<byte>)>();
        var reader = new FrameReader(record[ChangeRecordHeader.ReadUnchecked(record.Span).OperationsOffset..]);
        for (var runs = reader.Number(); runs > 0; runs--)
        {
            reader.Number();
            var scope = reader.Number();
            for (var documents = reader.Number(); documents > 0; documents--)
            {
                var key = reader.Bytes();
                for (var count = reader.Number(); count > 0; count--)
                {
                    var kind = reader.Byte();
                    reader.Bytes();
                    operations.Add((scope, key, kind, reader.Bytes()));
                }
            }
        }
        reader.End();
        return operations;
    }
}
