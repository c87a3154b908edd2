using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Language.Tests.Golden;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Explain;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>Shows the indexes that explaining a query advises. Each of them is created, and the plan must then use it and advise it no more.</summary>
public sealed class AdviceDirective : IGoldenDirective
{
    public string Name => "advice";

    public async Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken)
    {
        await using var engine = await TestEngine.CreateAsync();
        await engine.PrepareAsync(golden, withIndexes: true);
        var advised = Explain(engine, golden).Advice;
        foreach (var advice in advised)
        {
            var index = await engine.Fabric.CreateIndexAsync(engine.Scope, advice.Collection, new IndexSettings(advice.Type, advice.Fields), cancellationToken);
            var plan = Explain(engine, golden);
            Assert.Contains(Steps(plan.Nodes), step => step.Details.Any(detail => detail.Name == "index" && detail.Value.Text == index.Definition.Name));
            Assert.DoesNotContain(plan.Advice, other => other.Collection == advice.Collection && other.Fields.SequenceEqual(advice.Fields));
        }
        return advised.IsEmpty ? "nothing" : string.Join('\n', advised.Select(advice => $"{advice.Type} on {advice.Collection} ({string.Join(", ", advice.Fields)}): {advice.Reason}"));
    }

    private static IEnumerable<ExplainedNode> Steps(IEnumerable<ExplainedNode> nodes) => nodes.SelectMany(node => node.Subqueries.SelectMany(subquery => Steps(subquery)).Prepend(node));

    private static ExplainedPlan Explain(TestEngine engine, GoldenCase golden) => engine.Engine.Explain(
        engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(golden.Query, JsonValueReader.Parse(Encoding.UTF8.GetBytes(golden.Setting("bind") ?? "{}"))));
}
