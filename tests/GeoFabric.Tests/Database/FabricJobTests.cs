using System.Collections.Immutable;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Maintenance;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

/// <summary>What goes on for long in a fabric is listed with its progress while it goes on, and can be stopped where that is possible.</summary>
public sealed class FabricJobTests : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task An_index_that_is_filled_tells_how_far_it_is_also_after_a_restart()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await FilledAsync(test, 7000);
        var id = await test.WriteAsync(transaction => CatalogOperations.AddIndex(transaction, "c", new IndexSettings("persistent", ["n"]) { Name = "byN" }).Index.Definition.Id);
        await test.Fabric.RunAsync(test.Scope, transaction => IndexFiller.Advance(transaction, c.Id, id), isMaintenance: true);
        var blocked = Block(test);
        test.Fabric.WakeMaintenance();

        var job = await WaitForAsync(test, JobKind.IndexBuild);
        Assert.Equal(("c", "byN", 2000, 7000, true), (job.Collection!.Name, job.Subject, job.Done, job.Total, job.CanCancel));
        Assert.Equal(2 / 7.0, job.Share);
        _gate.Set();
        await blocked;
        while (test.Fabric.Jobs.List(test.Scope).Count > 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);

        Assert.Equal(7000, job.Done);
        Assert.False(test.Fabric.Catalog.GetCollection("c").FindIndex(id)!.IsBuilding);
    }

    [Fact]
    public async Task An_index_whose_build_is_cancelled_is_gone_and_whoever_waits_for_it_hears_so()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        await FilledAsync(test, 7000);
        var settings = new IndexSettings("persistent", ["n"]) { Name = "byN" };
        await test.WriteAsync(transaction => CatalogOperations.AddIndex(transaction, "c", settings).Index.Definition.Id);
        var blocked = Block(test);
        var creation = test.Fabric.CreateIndexAsync(test.Scope, "c", settings);
        test.Fabric.WakeMaintenance();
        var id = (await WaitForAsync(test, JobKind.IndexBuild)).Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var reader = test.Scope with { DefaultLevel = AccessLevel.Write };

        Assert.Equal(ErrorCodes.AccessDenied, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.Jobs.CancelAsync(reader, id))).Code);
        var cancelled = test.Fabric.Jobs.CancelAsync(test.Scope, id);
        _gate.Set();
        await Task.WhenAll(blocked, cancelled);

        Assert.Equal(ErrorCodes.IndexNotFound, (await Assert.ThrowsAsync<GeoFabricException>(() => creation)).Code);
        Assert.Null(test.Fabric.Catalog.GetCollection("c").FindIndex("byN"));
        // Whoever waits hears of it before the turn that worked on it has ended.
        while (test.Fabric.Jobs.List(test.Scope).Any(job => job.Kind == JobKind.IndexBuild))
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCodes.NotFound, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.Jobs.CancelAsync(test.Scope, id))).Code);
    }

    [Fact]
    public async Task What_a_dropped_collection_leaves_behind_is_deleted_by_a_job_that_nobody_can_stop()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        await FilledAsync(test, 5000);
        await test.WriteAsync(transaction => CatalogOperations.DropCollection(transaction, "c").Id);
        var blocked = Block(test);
        test.Fabric.WakeMaintenance();

        var job = await WaitForAsync(test, JobKind.ContentsRemoval);
        Assert.Equal((null, null, false), (job.Collection, job.Share, job.CanCancel));
        var refusal = await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.Jobs.CancelAsync(test.Scope, job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        _gate.Set();
        await blocked;
        while (test.Fabric.Jobs.List(test.Scope).Count > 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);

        Assert.Equal(ErrorCodes.BadRequest, refusal.Code);
        Assert.Equal(2 * ContentsDeleter.EntriesPerTurn, job.Done);
    }

    [Fact]
    public async Task The_requests_of_an_import_are_one_job_until_none_comes_any_more()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        using (var first = test.Fabric.Jobs.BeginImportPart(test.Scope, "people.csv", c, 0.25, out var job))
            job.Advance(10);
        using (test.Fabric.Jobs.BeginImportPart(test.Scope with { UserName = "other" }, "people.csv", c, null, out var others))
            Assert.Equal((0, null), (others.Done, others.Share));
        var second = test.Fabric.Jobs.BeginImportPart(test.Scope, "people.csv", c, 0.5, out var same);
        same.Advance(10);

        Assert.Equal([(20, 0.5), (0, null)], test.Fabric.Jobs.List(test.Scope).Select(job => (job.Done, job.Share)));
        test.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal([20], test.Fabric.Jobs.List(test.Scope).Select(job => job.Done));
        second.Dispose();
        test.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Single(test.Fabric.Jobs.List(test.Scope));
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(test.Fabric.Jobs.List(test.Scope));
    }

    [Fact]
    public async Task A_cancelled_import_is_refused_from_then_on_and_its_name_is_free_again_later()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        test.Fabric.Jobs.BeginImportPart(test.Scope, "a", c, null, out var job).Dispose();
        var id = job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var reader = test.Scope with { DefaultLevel = AccessLevel.Read };
        var stranger = test.Scope with { CollectionLevels = ImmutableDictionary<uint, AccessLevel>.Empty.Add(c.Id, AccessLevel.None) };

        Assert.Empty(test.Fabric.Jobs.List(stranger));
        Assert.Equal(ErrorCodes.NotFound, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.Jobs.CancelAsync(stranger, id))).Code);
        Assert.Equal(ErrorCodes.AccessDenied, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.Jobs.CancelAsync(reader, id))).Code);
        await test.Fabric.Jobs.CancelAsync(test.Scope, id);

        Assert.Empty(test.Fabric.Jobs.List(test.Scope));
        Assert.Equal(ErrorCodes.Cancelled, Assert.Throws<GeoFabricException>(() => test.Fabric.Jobs.BeginImportPart(test.Scope, "a", c, null, out _)).Code);
        test.Clock.Advance(TimeSpan.FromMinutes(2));
        test.Fabric.Jobs.BeginImportPart(test.Scope, "a", c, null, out _).Dispose();
    }

    [Fact]
    public async Task Clients_cannot_fill_the_list_without_end()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");

        for (var i = 0; i < 1100; i++)
            test.Fabric.Jobs.BeginImportPart(test.Scope, $"import {i}", c, null, out _).Dispose();

        Assert.Equal(1000, test.Fabric.Jobs.List(test.Scope).Count);
    }

    private static async Task<CollectionDefinition> FilledAsync(TestFabric test, int documents)
    {
        var c = await test.CreateAsync("c");
        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < documents; i++)
                transaction.Insert(c, TestFabric.Json($$"""{"_key":"k{{i}}","n":{{i}}}"""), InsertOptions.Default);
            return 0;
        });
        return c;
    }

    /// <summary>Occupies the writer until the gate opens; the one in memory works on the thread that asks.</summary>
    private Task<int> Block(TestFabric test) => test.WriteAsync(_ =>
    {
        _gate.Wait(TestContext.Current.CancellationToken);
        return 0;
    });

    private static async Task<FabricJob> WaitForAsync(TestFabric test, JobKind kind)
    {
        while (true)
        {
            if (test.Fabric.Jobs.List(test.Scope).FirstOrDefault(job => job.Kind == kind) is { } found)
                return found;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
