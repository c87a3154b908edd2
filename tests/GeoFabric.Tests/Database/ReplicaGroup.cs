using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>Copies of one fabric in several regions, whose records a test delivers by hand.</summary>
internal sealed class ReplicaGroup : IAsyncDisposable
{
    private readonly Dictionary<int, ReplicaState> _states = [];

    private ReplicaGroup(List<TestFabric> regions) => Regions = regions;

    public List<TestFabric> Regions { get; }

    public static async Task<ReplicaGroup> OpenAsync(int regions, bool onDisk = false)
    {
        var fabrics = new List<TestFabric>();
        for (ushort i = 1; i <= regions; i++)
            fabrics.Add(await TestFabric.OpenAsync(onDisk, new DatabaseOptions { Region = i }));
        return new ReplicaGroup(fabrics);
    }

    public ReplicaState StateOf(int region) => _states.TryGetValue(region, out var state) ? state : _states[region] = Regions[region].Fabric.Replica.ReadState();

    public void Forget(int region) => _states.Remove(region);

    /// <summary>Delivers up to <paramref name="count"/> records of one region to another, as far as what they depend on is there.</summary>
    /// <returns>The records applied.</returns>
    public async Task<int> DeliverAsync(int from, int to, int count = int.MaxValue)
    {
        Forget(to);
        var origin = Regions[from].Fabric.Replica.Origin;
        var applied = 0;
        foreach (var bytes in Regions[from].Fabric.Replica.ReadLog(origin, StateOf(to).Vector.PositionOf(origin).Sequence + 1, int.MaxValue))
        {
            var record = ChangeRecord.Read(bytes.Span);
            var vector = StateOf(to).Vector;
            var isReady = record.Dependencies.All(
                dependency => (dependency.Region == to + 1 && StateOf(to).Target.Count == 0) || vector.Regions.GetValueOrDefault(dependency.Region) >= dependency.Timestamp);
            if (applied == count || !isReady)
                break;
            await Regions[to].Fabric.Replica.ApplyAsync([SharedRecord.Of(bytes, (ushort)(to + 1))]);
            // The background does it too, at a time of its own; here it is done before anything else happens.
            await Regions[to].Fabric.Requests.CompensateAsync(CancellationToken.None);
            Forget(to);
            applied++;
        }
        return applied;
    }

    public async Task DeliverAllAsync()
    {
        int applied;
        do
        {
            applied = 0;
            for (var from = 0; from < Regions.Count; from++)
            {
                for (var to = 0; to < Regions.Count; to++)
                    applied += from == to ? 0 : await DeliverAsync(from, to);
            }
        }
        while (applied > 0);
    }

    /// <summary>Delivers a few records of some region, if it is another one.</summary>
    /// <returns>What was done, for a log.</returns>
    public async Task<string> DeliverSomeAsync(Random random, int to)
    {
        var from = random.Next(Regions.Count);
        var applied = from == to ? 0 : await DeliverAsync(from, to, random.Next(1, 4));
        return $"{from + 1} -> {to + 1}: {applied}";
    }

    /// <summary>Lets a region forget as much as it may.</summary>
    /// <returns>What was done, for a log.</returns>
    public async Task<string> AdvanceStableAsync(int region)
    {
        var stable = await FindStableAsync(region);
        await Regions[region].Fabric.Replica.AdvanceStableAsync(stable);
        return $"{region + 1}: stable {stable.Bits:x}";
    }

    /// <summary>Asserts that all regions have the same, with what they remember of it once it is forgotten as far as may be.</summary>
    public async Task AssertConvergedAsync(string because)
    {
        AssertSame(withMetadata: false, because);
        for (var region = 0; region < Regions.Count; region++)
            await AdvanceStableAsync(region);
        // What is still remembered is the same too: totals of counters, places in arrays.
        AssertSame(withMetadata: true, because);
        foreach (var region in Regions)
            region.AssertSound();
    }

    public void AssertSame(bool withMetadata, string because)
    {
        var first = Describe(0, withMetadata);
        for (var region = 1; region < Regions.Count; region++)
        {
            var other = Describe(region, withMetadata);
            Assert.True(first == other, $"{Journal(region)}\n{because}, region {region + 1}\n{first}\n{other}");
        }
    }

    /// <summary>
    /// Up to where one region knows that everything has been applied everywhere and is observed by all it can still receive. What another region has
    /// applied counts as of the last record received from it: those on their way may have been written before it applied more.
    /// </summary>
    public async Task<HybridTimestamp> FindStableAsync(int at)
    {
        var promises = new List<(ulong Sequence, HybridTimestamp Timestamp)>();
        foreach (var region in Regions)
            promises.Add(await region.Fabric.Replica.TakeWatermarkAsync());
        for (var region = 0; region < Regions.Count; region++)
            Forget(region);
        var stable = promises.Min(promise => promise.Timestamp.Bits);
        for (var region = 0; region < Regions.Count; region++)
        {
            var known = StateOf(at).Vector.PositionOf(Regions[region].Fabric.Replica.Origin);
            var isUpToDate = region == at || known.Sequence == promises[region].Sequence;
            for (var origin = 0; origin < Regions.Count; origin++)
            {
                if (origin == region)
                {
                    stable = isUpToDate ? stable : Math.Min(stable, known.Timestamp.Bits);
                    continue;
                }
                var applied = StateOf(region).Vector.PositionOf(Regions[origin].Fabric.Replica.Origin);
                if (!isUpToDate)
                    stable = Math.Min(stable, known.Context.GetValueOrDefault((ushort)(origin + 1)).Bits);
                else if (applied.Sequence < promises[origin].Sequence)
                    stable = Math.Min(stable, applied.Timestamp.Bits);
            }
        }
        return new HybridTimestamp(stable);
    }

    /// <summary>Begins a snapshot and stores pieces until it is whole or <paramref name="piecesMax"/> are.</summary>
    /// <param name="between">Runs behind each piece that is not the last.</param>
    /// <param name="keptScopes">Collections of these stay as they are.</param>
    /// <param name="lostOrigins">Logs of which no record comes any more.</param>
    /// <returns>Whether it is whole.</returns>
    public async Task<bool> ReceiveSnapshotAsync(int from, int to, int bytesMax, Func<Task>? between = null, int piecesMax = int.MaxValue, ulong[]? keptScopes = null, ChangeOrigin[]? lostOrigins = null)
    {
        var replica = Regions[to].Fabric.Replica;
        await replica.BeginSnapshotAsync(keptScopes ?? [], keptScopes is null ? [] : [1, 2, 3], lostOrigins ?? []);
        ReadOnlyMemory<byte> token = default;
        for (var pieces = 0; pieces < piecesMax; pieces++)
        {
            var piece = Regions[from].Fabric.Replica.ReadPiece(token, (ushort)(to + 1), bytesMax);
            await replica.StorePieceAsync(piece.Token, piece.NextToken, piece.Content);
            Forget(to);
            if (piece.NextToken.IsEmpty)
                return true;
            token = piece.NextToken;
            if (between is not null)
                await between();
        }
        return false;
    }

    /// <summary>Delivers what a region lacks after a snapshot, its own records too, until it has all that the others have.</summary>
    public async Task CatchUpAsync(int to)
    {
        var replica = Regions[to].Fabric.Replica;
        int applied;
        do
        {
            applied = await ReplayOwnAsync(to);
            for (var from = 0; from < Regions.Count; from++)
                applied += from == to ? 0 : await DeliverAsync(from, to);
        }
        while (applied > 0);
        var state = replica.ReadState();
        foreach (var position in state.Target)
            Assert.True(state.Vector.PositionOf(position.Origin).Sequence >= position.Sequence, $"region {to + 1} has {state.Vector.PositionOf(position.Origin)}, not {position}");
        Assert.Equal(state.LastSequence, state.Own.Sequence);
        await replica.StoreIsEstablishedAsync();
        Forget(to);
    }

    private async Task<int> ReplayOwnAsync(int to)
    {
        var replica = Regions[to].Fabric.Replica;
        var applied = 0;
        foreach (var bytes in replica.ReadLog(replica.Origin, replica.ReadState().Own.Sequence + 1, int.MaxValue))
        {
            var record = ChangeRecord.Read(bytes.Span);
            var vector = replica.ReadState().Vector;
            if (record.Dependencies.Any(dependency => vector.Regions.GetValueOrDefault(dependency.Region) < dependency.Timestamp))
                break;
            await replica.ApplyAsync([bytes]);
            applied++;
        }
        Forget(to);
        return applied;
    }

    /// <summary>All documents with sorted attributes, and what merging remembers of them.</summary>
    public string Describe(int region, bool withMetadata)
    {
        var text = new StringBuilder();
        var fabric = Regions[region].Fabric;
        using var snapshot = fabric.OpenSnapshot(Regions[region].Scope);
        foreach (var collection in snapshot.Catalog.Collections.Values.Where(collection => !collection.IsLocal).OrderBy(collection => collection.Name, StringComparer.Ordinal))
        {
            text.AppendLine(collection.Name);
            using var cursor = snapshot.ScanCollection(collection);
            while (cursor.MoveNext())
                text.AppendLine(Sorted(cursor.Document));
            if (!withMetadata)
                continue;
            using var metadata = snapshot.Storage.OpenCursor(KeyLayout.MergeMetadataOf(collection.ContentsId));
            while (metadata.MoveNext())
                text.AppendLine($"  {Convert.ToHexString(metadata.Key[5..])} {Convert.ToHexString(metadata.Value)}");
        }
        return text.ToString();
    }

    /// <summary>What a region's merging has discarded.</summary>
    public string Journal(int region)
    {
        using var snapshot = Regions[region].Fabric.OpenSnapshot(Regions[region].Scope);
        if (!snapshot.Catalog.TryGetCollection("_conflicts", out var conflicts))
            return "";
        var text = new StringBuilder();
        using var cursor = snapshot.ScanCollection(conflicts);
        while (cursor.MoveNext())
            text.AppendLine(Sorted(cursor.Document));
        return text.ToString();
    }

    public static string Sorted(Value value)
    {
        if (value.IsArray)
        {
            var items = new List<string>();
            foreach (var item in value.Items)
                items.Add(Sorted(item));
            return $"[{string.Join(',', items)}]";
        }
        if (!value.IsObject)
            return value.ToString();
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, inner) in value.Attributes)
            attributes[Encoding.UTF8.GetString(name)] = Sorted(inner);
        return $"{{{string.Join(',', attributes.Select(attribute => $"{attribute.Key}:{attribute.Value}"))}}}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var region in Regions)
            await region.DisposeAsync();
    }
}
