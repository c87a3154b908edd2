using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Logical.Merging;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Explain;

/// <summary>Describes single nodes: one line for trees, named details for JSON.</summary>
internal static class NodeText
{
    public static string Describe(LogicalNode node) => node switch
    {
        SingletonNode => "Singleton",
        NoResultsNode => "NoResults",
        _ when SourceText.Describe(node) is { } source => source,
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
        UpsertNode upsert => $"Upsert INSERT {upsert.Insert} {(upsert.IsReplace ? "REPLACE" : "UPDATE")} {upsert.Update} IN {NameText.Quote(upsert.Collection.Name)}{(upsert.ReadsOwnWrites ? "" : ", all looked up before the first change")}",
        _ => node.TypeName,
    };

    public static ImmutableArray<(string Name, Value Value)> Details(LogicalNode node)
    {
        var details = ImmutableArray.CreateBuilder<(string, Value)>();
        void Add(string name, string value) => details.Add((name, Value.FromString(value)));
        SourceText.AddDetails(node, details);
        switch (node)
        {
            case TraversalNode traversal:
                GraphText.AddDetails(traversal, details);
                break;
            case PathSearchNode search:
                GraphText.AddDetails(search, details);
                break;
            case CalculationNode calculation:
                Add("expression", calculation.Expression.ToString());
                break;
            case SortNode sort:
                Add("sortMode", sort.Limit is null ? "standard" : "constrained-heap");
                break;
            case LimitNode limit:
                details.Add(("offset", Constant(limit.Offset) ?? Value.FromInteger(0)));
                details.Add(("limit", Constant(limit.Count) ?? default));
                details.Add(("fullCount", Value.FromBoolean(limit.CountsAll)));
                break;
            case CollectNode collect:
                Add("method", Method(collect));
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

    /// <summary>Plans of the subqueries directly inside an expression.</summary>
    public static IEnumerable<LogicalPlan> Subqueries(Expression expression) =>
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

    /// <summary>The numbers of a LIMIT.</summary>
    public static string Limit(LimitNode limit) => limit.Offset is null ? limit.Count.ToString() : $"{limit.Offset}, {limit.Count}";

    private static string AggregateText(CollectAggregate aggregate) => $"{aggregate.Variable.Name} = {aggregate.Function.Name}({aggregate.Argument})";

    /// <summary>Null for what is known when the query runs only, such as a parameter.</summary>
    private static Value? Constant(Expression? expression) => expression is ConstantExpression constant ? constant.Value : null;

    private static string Method(CollectNode collect) => collect.Method == CollectMethod.Count ? "count" : "hash";

    private static string CollectText(CollectNode collect)
    {
        var parts = new List<string>();
        parts.AddRange(collect.Groups.Select(group => $"{group.Variable.Name} = {group.Expression}"));
        parts.AddRange(collect.Aggregates.Select(AggregateText));
        if (collect.Into is not null)
            parts.Add($"INTO {collect.Into.Name} = {collect.IntoExpression}");
        return $"Collect {string.Join(", ", parts)} ({Method(collect)}{(collect.IsSorted ? ", sorted" : "")})";
    }
}
