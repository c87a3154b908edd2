using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Logical.Merging;
using GeoFabric.Query.Syntax;
using GeoFabric.Storage;

namespace GeoFabric.Query.Explain;

/// <summary>Describes single nodes: one line for trees, named details for JSON.</summary>
internal static class NodeText
{
    public static string Describe(LogicalNode node) => node switch
    {
        SingletonNode => "Singleton",
        NoResultsNode => "NoResults",
        EnumerateCollectionNode scan => $"CollectionScan {NameText.Quote(scan.Collection.Name)}{(scan.IsCountOnly ? " (count only)" : $" AS {scan.Variable.Name}")}",
        IndexNode index => $"IndexScan {NameText.Quote(index.Collection.Name)} AS {index.Variable.Name} USING {Bounds(index)}{(index.Projections.Length == 0 ? "" : $" COVERS {string.Join(", ", index.Projections.Select(projection => projection.Path))}")}",
        IndexUnionNode union => $"IndexScan {NameText.Quote(union.Collection.Name)} AS {union.Variable.Name} USING {string.Join(" OR ", union.Branches.Select(Bounds))}",
        GeoIndexNode geo => $"IndexScan {NameText.Quote(geo.Collection.Name)} AS {geo.Variable.Name} USING {Around(geo)}",
        HashJoinNode join => $"HashJoin {NameText.Quote(join.Collection.Name)} AS {join.Variable.Name} ON {string.Join(" && ", join.Keys.Select(key => $"{key.Inner} == {key.Outer}"))}"
            + (join.Conditions.Length == 0 ? "" : $" WHERE {string.Join(" && ", join.Conditions)}"),
        EnumerateViewNode search => SearchText(search),
        EnumerateListNode list => $"ListScan {list.Variable.Name} IN {list.Source}",
        TraversalNode traversal => GraphText.Describe(traversal),
        PathSearchNode search => GraphText.Describe(search),
        FilterNode filter => $"Filter {filter.Condition}",
        CalculationNode calculation => $"Let {calculation.Variable.Name} = {calculation.Expression}",
        SortNode sort => $"Sort {string.Join(", ", sort.Items.Select(SortText))}{(sort.Limit is null ? "" : $" (first {Limit(sort.Limit)})")}",
        LimitNode limit => $"Limit {Limit(limit)}{(limit.CountsAll ? " (counts all)" : "")}",
        CollectNode collect => CollectText(collect),
        WindowNode window => $"Window {(window.RangeValue is null ? "" : $"{window.RangeValue} WITH ")}{window.Frame} {string.Join(", ", window.Aggregates.Select(AggregateText))}",
        ReturnNode result => $"Return {(result.IsDistinct ? "DISTINCT " : "")}{result.Expression}",
        ModificationNode { Merges: { } merges } modification =>
            Describe(modification with { Merges = null }) + " merges: " + string.Join(", ", merges.Effects)
            + (merges.Created.Length == 0 ? "" : "; creates: " + string.Join(", ", CreatedEffects(merges))),
        InsertNode insert => $"Insert {insert.Document} INTO {NameText.Quote(insert.Collection.Name)}",
        UpdateNode update => $"{(update.IsReplace ? "Replace" : "Update")} {(update.Key is null ? "" : $"{update.Key} WITH ")}{update.Document} IN {NameText.Quote(update.Collection.Name)}",
        RemoveNode remove => $"Remove {remove.Key} IN {NameText.Quote(remove.Collection.Name)}",
        UpsertNode upsert => $"Upsert INSERT {upsert.Insert} {(upsert.IsReplace ? "REPLACE" : "UPDATE")} {upsert.Update} IN {NameText.Quote(upsert.Collection.Name)}",
        _ => node.TypeName,
    };

    public static ImmutableArray<(string Name, Value Value)> Details(LogicalNode node)
    {
        var details = ImmutableArray.CreateBuilder<(string, Value)>();
        void Add(string name, string value) => details.Add((name, Value.FromString(value)));
        switch (node)
        {
            case EnumerateCollectionNode scan:
                Add("collection", scan.Collection.Name);
                Add("outVariable", scan.Variable.Name);
                details.Add(("countOnly", Value.FromBoolean(scan.IsCountOnly)));
                break;
            case IndexNode index:
                Add("collection", index.Collection.Name);
                Add("outVariable", index.Variable.Name);
                Add("index", index.Index.Name);
                Add("indexType", index.Index.TypeName);
                details.Add(("indexFields", Value.FromList([.. index.Index.Fields.Select(field => Value.FromString(field.Text))])));
                Add("condition", Bounds(index));
                details.Add(("reverse", Value.FromBoolean(index.Direction == ScanDirection.Backward)));
                details.Add(("sorted", Value.FromBoolean(index.IsOrdered)));
                details.Add(("indexCoversProjections", Value.FromBoolean(index.Projections.Length > 0)));
                details.Add(("projections", Value.FromList([.. index.Projections.Select(projection => Value.FromString(projection.Path.ToString()))])));
                break;
            case IndexUnionNode union:
                Add("collection", union.Collection.Name);
                Add("outVariable", union.Variable.Name);
                details.Add(("indexes", Value.FromList([.. union.Branches.Select(branch => Value.FromString(branch.Index.Name))])));
                Add("condition", string.Join(" OR ", union.Branches.Select(Bounds)));
                break;
            case GeoIndexNode geo:
                Add("collection", geo.Collection.Name);
                Add("outVariable", geo.Variable.Name);
                Add("index", geo.Index.Name);
                Add("indexType", geo.Index.TypeName);
                details.Add(("indexFields", Value.FromList([.. geo.Index.Fields.Select(field => Value.FromString(field.Text))])));
                Add("condition", Around(geo));
                break;
            case HashJoinNode join:
                Add("collection", join.Collection.Name);
                Add("outVariable", join.Variable.Name);
                details.Add(("keys", Value.FromList([.. join.Keys.Select(key => Value.FromString($"{key.Inner} == {key.Outer}"))])));
                details.Add(("conditions", Value.FromList([.. join.Conditions.Select(condition => Value.FromString(condition.ToString()))])));
                break;
            case TraversalNode traversal:
                GraphText.AddDetails(traversal, details);
                break;
            case PathSearchNode search:
                GraphText.AddDetails(search, details);
                break;
            case EnumerateViewNode search:
                Add(search.IsView ? "view" : "collection", search.Source);
                Add("outVariable", search.Variable.Name);
                Add("condition", search.Condition.ToString());
                details.Add(("scorers", Value.FromList([.. search.Scorers.Items.Select(scorer => Value.FromString(scorer.ToString()))])));
                if (search.Collections is { } only)
                    details.Add(("collections", Value.FromList([.. only.Select(Value.FromString)])));
                break;
            case CalculationNode calculation:
                Add("outVariable", calculation.Variable.Name);
                Add("expression", calculation.Expression.ToString());
                break;
            case WindowNode window:
                if (window.RangeValue is not null)
                    Add("rangeVariable", window.RangeValue.ToString());
                Add("preceding", window.Frame.Preceding.ToString().Trim('"'));
                Add("following", window.Frame.Following.ToString().Trim('"'));
                details.Add(("aggregates", Value.FromList([.. window.Aggregates.Select(aggregate => Value.FromString(AggregateText(aggregate)))])));
                break;
            case ModificationNode modification:
                Add("collection", modification.Collection.Name);
                if (modification.Merges is { } merges)
                {
                    details.Add(("merges", Effects(merges.Effects)));
                    if (merges.Created.Length > 0)
                        details.Add(("creates", Effects(CreatedEffects(merges))));
                }
                break;
            default:
                break;
        }
        Add("description", Describe(node));
        return details.ToImmutable();
    }

    /// <summary>Plans of the subqueries directly inside a node's expressions.</summary>
    public static IEnumerable<LogicalPlan> Subqueries(LogicalNode node) => node.Expressions.SelectMany(Subqueries);

    private static IEnumerable<LogicalPlan> Subqueries(Expression expression) =>
        expression is SubqueryExpression subquery ? [subquery.Plan] : expression.Children.SelectMany(Subqueries);

    private static Value Effects(IEnumerable<MergeEffect> effects) => Value.FromList([.. effects.Select(effect =>
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("operation"u8, Value.FromString(effect.Operation));
        builder.WriteAttribute("path"u8, Value.FromString(effect.PathText));
        builder.EndObject();
        return builder.Build();
    })]);

    private static IEnumerable<MergeEffect> CreatedEffects(MergePlan merges) => merges.Created.Select(path => new MergeEffect("inc", path));

    private static string SortText(SortItem item) => item.Expression + (item.IsDescending ? " DESC" : "");

    private static string Limit(LimitNode limit) => limit.Offset is null ? limit.Count.ToString() : $"{limit.Offset}, {limit.Count}";

    private static string AggregateText(CollectAggregate aggregate) => $"{aggregate.Variable.Name} = {aggregate.Function.Name}({aggregate.Argument})";

    private static string CollectText(CollectNode collect)
    {
        var parts = new List<string>();
        parts.AddRange(collect.Groups.Select(group => $"{group.Variable.Name} = {group.Expression}"));
        parts.AddRange(collect.Aggregates.Select(AggregateText));
        if (collect.Into is not null)
            parts.Add($"INTO {collect.Into.Name} = {collect.IntoExpression}");
        return $"Collect {string.Join(", ", parts)} ({(collect.Method == CollectMethod.Count ? "count" : "hash")}{(collect.IsSorted ? ", sorted" : "")})";
    }

    private static string Around(GeoIndexNode node) =>
        $"geo({string.Join(", ", node.Index.Fields.Select(field => field.Text))}) {(node.Reached is null ? "" : "NEAREST FIRST ")}AROUND {node.Target}"
        + (node.Radius is null ? "" : $" WITHIN {node.Radius}");

    private static string SearchText(EnumerateViewNode node)
    {
        var text = $"ViewSearch {NameText.Quote(node.Source)} AS {node.Variable.Name} SEARCH {node.Condition}";
        if (node.Collections is { } only)
            text += $" IN {string.Join(", ", only.Select(NameText.Quote))}";
        if (node.Scorers.Items.Count > 0)
            text += $" SCORES {string.Join(", ", node.Scorers.Items)}";
        return node.Top is null ? text : $"{text} (best {Limit(node.Top)} by {node.Scorers.Items[node.TopScorer].Variable.Name})";
    }

    private static string Bounds(IndexNode node)
    {
        var conditions = new List<string>();
        for (var i = 0; i < node.Equalities.Length; i++)
            conditions.Add($"{node.Index.Fields[i].Text} {(node.Equalities[i].IsIn ? "IN" : "==")} {node.Equalities[i].Value}");
        if (node.Lower is not null)
            conditions.Add($"{node.Index.Fields[node.Equalities.Length].Text} {(node.Lower.IsInclusive ? ">=" : ">")} {node.Lower.Value}");
        if (node.Upper is not null)
            conditions.Add($"{node.Index.Fields[node.Equalities.Length].Text} {(node.Upper.IsInclusive ? "<=" : "<")} {node.Upper.Value}");
        var fields = string.Join(", ", node.Index.Fields.Select(field => field.Text));
        return $"{node.Index.TypeName}({fields})"
            + (conditions.Count == 0 ? "" : " WHERE " + string.Join(" && ", conditions))
            + (node.Direction == ScanDirection.Backward ? " BACKWARD" : "")
            + (node.IsOrdered ? " ORDERED" : "");
    }
}
