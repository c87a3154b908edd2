using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Explain;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>What a profiled run tells of its steps.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task Steps_of_subqueries_have_ids_and_figures_of_their_own()
    {
        var profile = await ProfileAsync("FOR u IN users LET big = (FOR x IN [1, u.age, 3] FILTER x > 1 RETURN (FOR y IN [x, x] RETURN [y, x, u.age])) RETURN big");

        var all = Steps(profile.Plan!.Nodes).ToList();
        var figures = profile.Nodes.ToDictionary(node => node.Id);
        var lists = all.Where(step => step.Type == "EnumerateListNode").Select(step => figures[step.Id].Rows).ToList();
        Assert.Equal(all.Count, all.DistinctBy(step => step.Id).Count());
        Assert.Subset(all.Select(step => step.Id).ToHashSet(), figures.Keys.ToHashSet());
        // Three items for each of the 12 users; two for each of those that are greater than 1, which are all but the first and two ages.
        Assert.Equal([36, 44], lists);
    }

    [Fact]
    public async Task A_profile_advises_the_index_that_explaining_advises()
    {
        var profile = await ProfileAsync("FOR o IN orders FILTER o.total == 5 RETURN o");

        var advice = Assert.Single(profile.Plan!.Advice);
        Assert.Equal(("orders", "total"), (advice.Collection, advice.Fields.Single()));
    }

    private static async Task<QueryProfile> ProfileAsync(string query)
    {
        await using var engine = await TestEngine.CreateAsync();
        var page = await engine.Engine.ExecuteAsync(
            engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(query, Value.EmptyObject) { Profile = 2 }, TestContext.Current.CancellationToken);
        return page.Profile!;
    }

    private static IEnumerable<ExplainedNode> Steps(ImmutableArray<ExplainedNode> nodes) =>
        nodes.SelectMany(node => node.Subqueries.SelectMany(Steps).Prepend(node));
}
