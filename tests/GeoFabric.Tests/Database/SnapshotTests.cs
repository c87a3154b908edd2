using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Snapshots;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>A region that takes over another one's state in pieces.</summary>
public sealed class SnapshotTests
{
    private static readonly AttributeOperation Hit = new(["n"], AttributeOperationKind.Increment, Value.FromInteger(1), Value.Null);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_region_has_everything_after_a_snapshot_taken_while_writes_go_on(bool onDisk)
    {
        await using var group = await ReplicaGroup.OpenAsync(3, onDisk);
        var first = group.Regions[0];
        var people = await first.CreateAsync("people");
        await first.IndexAsync("people", "persistent", "city");
        var hits = await first.CreateAsync("hits");
        for (var i = 0; i < 40; i++)
            await first.InsertAsync(people, $$"""{"_key":"p{{i}}","city":"c{{i % 7}}","tags":["a","b"]}""");
        await first.InsertAsync(hits, """{"_key":"h","n":0}""");
        await group.DeliverAsync(0, 1);
        var second = group.Regions[1];
        for (var i = 0; i < 5; i++)
            await HitAsync(second, i + 1);
        await first.RemoveAsync(people, "p3");
        await second.UpdateAsync(second.Fabric.Catalog.GetCollection("people"), "p4", """{"city":"from two"}""");
        await first.UpdateAsync(people, "p4", """{"city":"from one"}""");
        var written = 0;

        await group.ReceiveSnapshotAsync(0, 2, bytesMax: 300, async () =>
        {
            await first.UpdateAsync(people, $"p{10 + (written++ % 30)}", $$"""{"city":"moved{{written}}"}""");
            await group.DeliverAsync(1, 0, 1);
        });
        await group.Regions[2].Fabric.Replica.InstallSnapshotAsync();
        await group.CatchUpAsync(2);
        await group.DeliverAllAsync();

        Assert.True(written > 5, $"{written} pieces");
        Assert.Contains("moved", group.Describe(2, withMetadata: false), StringComparison.Ordinal);
        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(2, withMetadata: false));
        var definition = group.Regions[2].Fabric.Catalog.GetCollection("people");
        var winner = Value.FromString(first.Read(people, "p4")!.Contains("from one", StringComparison.Ordinal) ? "from one" : "from two");
        Assert.Equal(["p4"], group.Regions[2].Scan(definition, definition.Indexes.Single(index => index.Kind == IndexKind.Persistent), new IndexRange([winner])));
        group.Regions[2].AssertSound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_late_region_keeps_what_it_wrote_and_nobody_had(bool onDisk)
    {
        await using var group = await ReplicaGroup.OpenAsync(3, onDisk);
        await group.Regions[0].CreateAsync("hits");
        await group.Regions[0].InsertAsync(group.Regions[0].Fabric.Catalog.GetCollection("hits"), """{"_key":"h","n":0}""");
        await group.DeliverAllAsync();
        await HitAsync(group.Regions[2], 1);
        await group.DeliverAsync(2, 0);
        for (var i = 0; i < 3; i++)
            await HitAsync(group.Regions[2], i + 2);
        await group.Regions[2].InsertAsync(group.Regions[2].Fabric.Catalog.GetCollection("hits"), """{"_key":"mine"}""");
        await HitAsync(group.Regions[0], 2);
        await group.DeliverAsync(0, 1);
        var late = group.Regions[2];

        await group.ReceiveSnapshotAsync(0, 2, bytesMax: 1);
        await late.Fabric.Replica.InstallSnapshotAsync();

        var hits = late.Fabric.Catalog.GetCollection("hits");
        Assert.Null(late.Read(hits, "mine"));
        var refused = await Assert.ThrowsAsync<GeoFabricException>(() => late.InsertAsync(hits, """{"_key":"early"}"""));
        Assert.Equal(ErrorCodes.RegionUnavailable, refused.Code);

        await group.CatchUpAsync(2);

        Assert.Contains("\"n\":5", late.Read(hits, "h"), StringComparison.Ordinal);
        Assert.NotNull(late.Read(hits, "mine"));
        await HitAsync(late, 6);
        await group.DeliverAllAsync();
        for (var region = 0; region < 3; region++)
            Assert.Contains("\"n\":6", group.Regions[region].Read(group.Regions[region].Fabric.Catalog.GetCollection("hits"), "h"), StringComparison.Ordinal);
        late.AssertSound();
    }

    [Fact]
    public async Task What_the_donor_does_not_keep_stays_and_is_caught_up_with()
    {
        await using var group = await ReplicaGroup.OpenAsync(3, onDisk: false);
        var (first, late) = (group.Regions[0], group.Regions[1]);
        var scope = ChangeScope.Of([1, 2]);
        var inside = await first.Fabric.CreateCollectionAsync(first.Scope, new CollectionSettings("inside") { KeptAt = scope });
        await first.CreateAsync("hits");
        await first.InsertAsync(inside, """{"_key":"i","n":0}""");
        await first.InsertAsync(first.Fabric.Catalog.GetCollection("hits"), """{"_key":"h","n":0}""");
        await group.DeliverAllAsync();
        await late.UpdateAsync(late.Fabric.Catalog.GetCollection("inside"), "i", """{"mine":1}""");
        await first.UpdateAsync(inside, "i", """{"before":1}""");
        await group.DeliverAsync(0, 1);
        await first.UpdateAsync(inside, "i", """{"after":1}""");
        await HitAsync(first, 1);
        await group.DeliverAsync(0, 2);

        await group.ReceiveSnapshotAsync(2, 1, bytesMax: 1, keptScopes: [scope.Number]);
        await late.Fabric.Replica.InstallSnapshotAsync();

        Assert.Contains("\"before\":1", late.Read(late.Fabric.Catalog.GetCollection("inside"), "i"), StringComparison.Ordinal);
        await group.CatchUpAsync(1);
        await group.DeliverAllAsync();
        var read = late.Read(late.Fabric.Catalog.GetCollection("inside"), "i")!;
        Assert.All(new[] { "mine", "before", "after" }, name => Assert.Contains($"\"{name}\":1", read, StringComparison.Ordinal));
        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
        Assert.Contains("\"n\":1", late.Read(late.Fabric.Catalog.GetCollection("hits"), "h"), StringComparison.Ordinal);
        late.AssertSound();
    }

    [Fact]
    public async Task A_log_that_is_lost_counts_as_far_as_the_pieces_go_and_what_follows_it_from_here()
    {
        await using var group = await ReplicaGroup.OpenAsync(3, onDisk: false);
        var (first, late) = (group.Regions[0], group.Regions[1]);
        var scope = ChangeScope.Of([1, 2]);
        var inside = await first.Fabric.CreateCollectionAsync(first.Scope, new CollectionSettings("inside") { KeptAt = scope });
        await group.DeliverAllAsync();
        await first.InsertAsync(inside, """{"_key":"i","n":0}""");
        var held = late.Fabric.Replica.ReadState().Vector.PositionOf(first.Fabric.Replica.Origin);
        await group.DeliverAsync(0, 2);
        var reached = group.Regions[2].Fabric.Replica.ReadState().Vector.PositionOf(first.Fabric.Replica.Origin);
        Assert.True(held.Sequence < reached.Sequence);

        // While the log can still come it goes on from here.
        await group.ReceiveSnapshotAsync(2, 1, bytesMax: 1, keptScopes: [scope.Number]);
        await late.Fabric.Replica.InstallSnapshotAsync();
        Assert.Equal(held.Sequence, late.Fabric.Replica.ReadState().Vector.PositionOf(first.Fabric.Replica.Origin).Sequence);
        await group.ReceiveSnapshotAsync(2, 1, bytesMax: 1, keptScopes: [scope.Number], lostOrigins: [first.Fabric.Replica.Origin]);
        await late.Fabric.Replica.InstallSnapshotAsync();

        var state = late.Fabric.Replica.ReadState();
        Assert.Equal(reached.Sequence, state.Vector.PositionOf(first.Fabric.Replica.Origin).Sequence);
        Assert.Equal(state.LastSequence, state.Own.Sequence);
        Assert.Null(late.Read(late.Fabric.Catalog.GetCollection("inside"), "i"));
        late.AssertSound();
    }

    [Fact]
    public async Task A_crash_between_pieces_leaves_the_old_state_and_the_snapshot_goes_on_from_its_token()
    {
        await using var group = await ReplicaGroup.OpenAsync(2, onDisk: true);
        var (donor, late) = (group.Regions[0], group.Regions[1]);
        var collection = await donor.CreateAsync("c");
        await donor.IndexAsync("c", "persistent", "n");
        for (var i = 0; i < 30; i++)
            await donor.InsertAsync(collection, $$"""{"_key":"k{{i}}","n":{{i}}}""");
        await group.DeliverAsync(0, 1, 10);
        var before = group.Describe(1, withMetadata: true);
        for (var i = 0; i < 30; i += 3)
            await donor.RemoveAsync(collection, $"k{i}");

        await group.ReceiveSnapshotAsync(0, 1, bytesMax: 200, piecesMax: 4);
        await late.ReopenAsync();

        Assert.Equal(before, group.Describe(1, withMetadata: true));
        late.AssertSound();
        var token = late.Fabric.Replica.ReadState().SnapshotToken;
        Assert.NotEmpty(token!);
        for (ReadOnlyMemory<byte> next = token; !next.IsEmpty;)
        {
            var piece = donor.Fabric.Replica.ReadPiece(next, 2, 200);
            await late.Fabric.Replica.StorePieceAsync(piece.Token, piece.NextToken, piece.Content);
            // Sent twice, it changes nothing.
            await late.Fabric.Replica.StorePieceAsync(piece.Token, piece.NextToken, piece.Content);
            next = piece.NextToken;
        }
        Assert.Equal(before, group.Describe(1, withMetadata: true));
        await late.Fabric.Replica.InstallSnapshotAsync();
        await late.ReopenAsync();
        Assert.NotEmpty(late.Fabric.Replica.ReadState().Target);
        await group.CatchUpAsync(1);

        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
        late.AssertSound();
    }

    [Fact]
    public async Task A_snapshot_begun_anew_leaves_nothing_of_the_first()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await group.Regions[0].CreateAsync("c");
        for (var i = 0; i < 20; i++)
            await group.Regions[0].InsertAsync(collection, $$"""{"_key":"k{{i}}"}""");
        await group.ReceiveSnapshotAsync(0, 1, bytesMax: 100, piecesMax: 5);

        await group.ReceiveSnapshotAsync(0, 1, bytesMax: 500);
        await group.Regions[1].Fabric.Replica.InstallSnapshotAsync();
        await group.CatchUpAsync(1);

        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
        group.Regions[1].AssertSound();
        using var snapshot = group.Regions[1].Fabric.OpenSnapshot(group.Regions[1].Scope);
        using var left = snapshot.Storage.OpenCursor(GeoFabric.Storage.KeyRange.WithPrefix([(byte)Keyspace.Snapshot]));
        Assert.False(left.MoveNext());
    }

    [Fact]
    public async Task The_catalog_comes_as_it_is_with_what_changed_meanwhile_and_local_collections_stay()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var (donor, late) = (group.Regions[0], group.Regions[1]);
        await donor.CreateAsync("old");
        await group.DeliverAllAsync();
        await late.Fabric.CreateCollectionAsync(late.Scope, new CollectionSettings("mine") { IsLocal = true });
        await late.InsertAsync(late.Fabric.Catalog.GetCollection("mine"), """{"_key":"m"}""");
        await donor.Fabric.CreateCollectionAsync(donor.Scope, new CollectionSettings("secret") { IsLocal = true });
        await donor.Fabric.DropCollectionAsync(donor.Scope, "old");
        await donor.CreateAsync("edges", CollectionType.Edge);
        var mails = await donor.CreateAsync("mails");
        await donor.Fabric.CreateIndexAsync(donor.Scope, "mails", new IndexSettings("persistent", ["mail"]) { IsUnique = true });
        await donor.InsertAsync(mails, """{"_key":"a","mail":"x"}""");
        await donor.InsertAsync(mails, """{"_key":"z","mail":"y"}""");
        await donor.Fabric.SaveStoredQueryAsync(donor.Scope, new StoredQuery("q", "RETURN 1", Value.Null, "c8ql", "root"), mayReplace: false);
        await donor.Fabric.CreateGraphAsync(donor.Scope, new GraphDefinition("g", [new EdgeDefinition("edges", ["mails"], ["mails"])], []));
        var step = 0;

        await group.ReceiveSnapshotAsync(0, 1, bytesMax: 1, async () =>
        {
            switch (step++)
            {
                case 2:
                    await donor.CreateAsync("later");
                    await donor.InsertAsync(donor.Fabric.Catalog.GetCollection("later"), """{"_key":"l"}""");
                    break;
                case 3:
                    await donor.Fabric.RenameAsync(donor.Scope, "edges", "links");
                    break;
                case 5:
                    // The piece with "a" has the mail that "z" gets next: the two contradict each other until "a" is changed here too.
                    await donor.UpdateAsync(mails, "a", """{"mail":"w"}""");
                    await donor.UpdateAsync(mails, "z", """{"mail":"x"}""");
                    break;
            }
        });
        await late.Fabric.Replica.InstallSnapshotAsync();
        await group.CatchUpAsync(1);

        Assert.True(step > 5, $"{step} pieces");
        Assert.Equal(["later", "links", "mails", "mine"], late.Fabric.Catalog.Collections.Keys.Where(name => name[0] != '_').Order());
        Assert.Equal("""{"_key":"m"}""", late.Read(late.Fabric.Catalog.GetCollection("mine"), "m"));
        Assert.Equal("""{"_key":"l"}""", late.Read(late.Fabric.Catalog.GetCollection("later"), "l"));
        Assert.Equal(["q"], late.Fabric.ListStoredQueries(late.Scope).Select(query => query.Name));
        Assert.Equal("links", Assert.Single(late.Fabric.Catalog.GetGraph("g").Edges).Collection);
        Assert.Contains(late.Fabric.Catalog.GetCollection("mails").Indexes, index => index.IsUnique && index.Kind == IndexKind.Persistent);
        Assert.Equal(3, late.Fabric.Catalog.GetCollection("links").Indexes.Length);
        late.AssertSound();
        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
    }

    [Fact]
    public async Task Pieces_are_as_large_as_asked_and_hold_no_local_collection()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var donor = group.Regions[0];
        var collection = await donor.CreateAsync("c");
        var secret = await donor.Fabric.CreateCollectionAsync(donor.Scope, new CollectionSettings("secret") { IsLocal = true });
        for (var i = 0; i < 100; i++)
        {
            await donor.InsertAsync(collection, $$"""{"_key":"k{{i}}","text":"{{new string('x', 100)}}"}""");
            await donor.InsertAsync(secret, $$"""{"_key":"k{{i}}","text":"hidden"}""");
        }
        var pieces = new List<FabricPiece>();
        do
            pieces.Add(donor.Fabric.Replica.ReadPiece(pieces.Count == 0 ? default : pieces[^1].NextToken, 2, 2000));
        while (!pieces[^1].NextToken.IsEmpty);

        Assert.InRange(pieces.Count, 7, 12);
        Assert.All(pieces, piece => Assert.InRange(piece.Content.Length, 1, 2400));
        Assert.All(pieces, piece => Assert.DoesNotContain("hidden", System.Text.Encoding.UTF8.GetString(piece.Content.Span), StringComparison.Ordinal));
        Assert.All(pieces, piece => Assert.Equal(donor.Fabric.Replica.ReadState().LastSequence, piece.Applied.Single().Sequence));
    }

    [Fact]
    public async Task A_request_that_the_donor_knows_is_known_behind_the_snapshot_and_counts_once()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var (donor, late) = (group.Regions[0], group.Regions[1]);
        await donor.InsertAsync(await donor.CreateAsync("hits"), """{"_key":"h","n":0}""");
        await group.DeliverAllAsync();
        var requests = Enumerable.Range(1, 3).Select(id => new WriteRequest((UInt128)id, 7)).ToList();
        foreach (var request in requests)
            await HitAsync(donor, request, (int)request.Id);
        // Sent again to the late region, which has not heard of the first attempt.
        await HitAsync(late, requests[1], 1);

        await group.ReceiveSnapshotAsync(0, 1, bytesMax: 1);
        await late.Fabric.Replica.InstallSnapshotAsync();
        // Too early: the late region's own attempt is to be replayed on the snapshot yet.
        await late.Fabric.Requests.CompensateAsync(TestContext.Current.CancellationToken);
        await group.CatchUpAsync(1);
        await late.Fabric.Requests.CompensateAsync(TestContext.Current.CancellationToken);
        await group.DeliverAllAsync();

        Assert.All(requests, request => Assert.NotNull(late.Fabric.Requests.Find(late.Scope, request)));
        await Assert.ThrowsAsync<RequestAppliedException>(() => HitAsync(late, requests[2], 9));
        foreach (var region in group.Regions)
            Assert.Contains("\"n\":3", region.Read(region.Fabric.Catalog.GetCollection("hits"), "h"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_piece_is_refused_and_stores_nothing()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].CreateAsync("c");
        var piece = group.Regions[0].Fabric.Replica.ReadPiece(default, 2, 10_000);
        var late = group.Regions[1].Fabric.Replica;
        await late.BeginSnapshotAsync([], [], []);

        var refused = await Assert.ThrowsAsync<GeoFabricException>(() => late.StorePieceAsync(piece.Token, piece.NextToken, piece.Content[..^3]));

        Assert.Equal(ErrorCodes.CorruptedDocument, refused.Code);
        await late.StorePieceAsync(piece.Token, piece.NextToken, piece.Content);
        await late.InstallSnapshotAsync();
        await group.CatchUpAsync(1);
        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
    }

    private static Task HitAsync(TestFabric region, WriteRequest request, int expected) => region.Fabric.WriteAsync(region.Scope, request, transaction => transaction.Update(
        region.Fabric.Catalog.GetCollection("hits"), TestFabric.Key("h"), TestFabric.Json($$"""{"n":{{expected}}}"""), new UpdateOptions { Operations = [Hit] }).Outcome);

    private static Task HitAsync(TestFabric region, int expected) =>
        region.UpdateAsync(region.Fabric.Catalog.GetCollection("hits"), "h", $$"""{"n":{{expected}}}""", new UpdateOptions { Operations = [Hit] });
}
