using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;

namespace GeoFabric.Query.Explain;

/// <summary>
/// Finds indexes that a plan lacks: for each loop that reads all documents of a collection, one on what is asked of them. Each is tried by planning the
/// query again as if it were there, and only named when that plan uses it.
/// </summary>
internal static class IndexAdvisor
{
    /// <summary>Loops looked at; each costs a plan or two.</summary>
    private const int LoopsMax = 8;

    private const int EqualFieldsMax = 3;
    private const uint IdOfAdvised = uint.MaxValue;

    /// <param name="replan">The plan of the same query for what a reader says.</param>
    public static ImmutableArray<IndexAdvice> Find(LogicalPlan plan, IFabricReader reader, Func<IFabricReader, LogicalPlan> replan)
    {
        var found = new Dictionary<string, IndexAdvice>(StringComparer.Ordinal);
        foreach (var (level, position) in FullReads(plan).Take(LoopsMax))
        {
            var loop = level.Nodes[position];
            var collection = reader.Catalog.GetCollection(loop.ReadCollection!.Name);
            foreach (var (fields, purpose) in Candidates(level, position))
            {
                var advised = new IndexDefinition(IdOfAdvised, "advised", IndexKind.Persistent, "persistent", fields);
                if (!replan(new WhatIfReader(reader, collection, advised)).AllNodes().Any(IsAdvised))
                    continue;
                var names = fields.Select(field => field.Text).ToImmutableArray();
                found.TryAdd($"{collection.Name} {string.Join(',', names)}", new IndexAdvice(collection.Name, "persistent", names, $"all {reader.EstimateDocuments(collection)} documents of '{collection.Name}' are read {purpose}"));
                break;
            }
        }
        return [.. found.Values];
    }

    private static bool IsAdvised(LogicalNode node) => node switch
    {
        IndexNode index => index.Index.Id == IdOfAdvised,
        IndexUnionNode union => union.Branches.Any(IsAdvised),
        _ => false,
    };

    /// <summary>The loops over whole collections, here and in subqueries.</summary>
    private static IEnumerable<(LogicalPlan Level, int Position)> FullReads(LogicalPlan plan)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is EnumerateCollectionNode { IsCountOnly: false, Hint.IsDisabled: false } or HashJoinNode)
                yield return (plan, i);
            foreach (var inner in NodeText.Subqueries(plan.Nodes[i]).SelectMany(FullReads))
                yield return inner;
        }
    }

    /// <summary>Fields that an index would need, the best first: what is compared for equality, then one range or the order that is asked for.</summary>
    private static IEnumerable<(ImmutableArray<IndexField> Fields, string Purpose)> Candidates(LogicalPlan level, int position)
    {
        var variable = level.Nodes[position].Produced.First();
        var conditions = Filters(level, position).Select(filter => IndexCondition.Read(filter, variable)).OfType<IndexCondition>().Where(condition => IsField(condition.Path)).ToList();
        var equal = conditions.Where(condition => condition.Kind is IndexConditionKind.Equal or IndexConditionKind.In).OrderBy(condition => condition.Kind)
            .DistinctBy(condition => Text(condition.Path)).Take(EqualFieldsMax).ToList();
        var range = conditions.FirstOrDefault(condition => condition.Kind is IndexConditionKind.Lower or IndexConditionKind.Upper or IndexConditionKind.Prefix
            && equal.TrueForAll(other => Text(other.Path) != Text(condition.Path)));
        if (range is not null)
            equal.Add(range);
        if (equal.Count > 0)
            yield return (Fields(equal.Select(condition => condition.Path)), $"to find those with {string.Join(" and ", equal.Select(condition => condition.Filter))}");
        if (Order(level, position, variable) is { Count: > 0 } order)
            yield return (Fields(order), $"and sorted by {string.Join(", ", order.Select(Text))}");
    }

    private static IEnumerable<Expression> Filters(LogicalPlan level, int position)
    {
        if (level.Nodes[position] is HashJoinNode join)
        {
            foreach (var key in join.Keys)
                yield return new ComparisonExpression(Syntax.BinaryOperator.Equal, key.Inner, key.Outer);
            foreach (var condition in join.Conditions)
                yield return condition;
        }
        for (var i = position + 1; i < level.Nodes.Length && level.Nodes[i] is FilterNode or CalculationNode; i++)
        {
            if (level.Nodes[i] is FilterNode filter)
                yield return filter.Condition;
        }
    }

    /// <summary>The paths of a SORT behind the loop and its filters; null when it sorts by anything else.</summary>
    private static List<AttributePath>? Order(LogicalPlan level, int position, Variable variable)
    {
        var next = position + 1;
        while (level.Nodes[next] is FilterNode or CalculationNode)
            next++;
        var paths = level.Nodes[next] is SortNode sort ? sort.Items.Select(item => AttributePath.Of(item.Expression, variable)).ToList() : [];
        return paths.TrueForAll(path => path is not null && IsField(path)) ? [.. paths.OfType<AttributePath>()] : null;
    }

    /// <summary>Whether an index can be told to have it: the path as text must mean the same, and every document has its key.</summary>
    private static bool IsField(AttributePath path) => path.ExpansionAt < 0
        && path.Segments is not ["_key" or "_id"]
        && path.Segments.All(name => name.Length > 0 && name.AsSpan().IndexOfAny(".[]") < 0);

    private static ImmutableArray<IndexField> Fields(IEnumerable<AttributePath> paths) => [.. paths.Select(path => new IndexField(path.Segments))];

    private static string Text(AttributePath path) => string.Join('.', path.Segments);
}
