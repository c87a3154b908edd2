using System.Collections.Immutable;
using System.Text;

namespace GeoFabric.Query.Syntax;

/// <summary>Writes queries and their operations.</summary>
internal sealed class OperationPrinter
{
    private readonly StringBuilder _output;

    public OperationPrinter(StringBuilder output)
    {
        _output = output;
        Expressions = new ExpressionPrinter(output, this);
    }

    public ExpressionPrinter Expressions { get; }

    public void Append(QuerySyntax query)
    {
        if (!query.With.IsEmpty)
        {
            AppendList("WITH ", query.With, Expressions.Append);
            _output.Append(' ');
        }
        for (var i = 0; i < query.Operations.Length; i++)
        {
            if (i > 0)
                _output.Append(' ');
            Append(query.Operations[i]);
        }
    }

    public void Append(OperationSyntax operation)
    {
        switch (operation)
        {
            case ForSyntax loop:
                _output.Append("FOR ");
                AppendTarget(loop.Target);
                AppendPart(" IN ", loop.Source);
                AppendPart(" SEARCH ", loop.Search);
                AppendPart(" OPTIONS ", loop.Options);
                break;
            case TraversalSyntax traversal: AppendTraversal(traversal); break;
            case PathSearchSyntax search: AppendPathSearch(search); break;
            case FilterSyntax filter: AppendPart("FILTER ", filter.Condition); break;
            case LetSyntax let:
                _output.Append("LET ");
                AppendTarget(let.Target);
                AppendPart(" = ", let.Value);
                break;
            case SortSyntax sort: AppendList("SORT ", sort.Items, AppendSortItem); break;
            case LimitSyntax limit:
                AppendPart("LIMIT ", limit.Offset);
                AppendPart(limit.Offset is null ? "LIMIT " : ", ", limit.Count);
                break;
            case CollectSyntax collect: AppendCollect(collect); break;
            case WindowSyntax window:
                AppendPart("WINDOW ", window.RangeValue);
                AppendPart(window.RangeValue is null ? "WINDOW " : " WITH ", window.Frame);
                AppendList(" AGGREGATE ", window.Aggregates, aggregate => AppendAssignment(aggregate.Variable, aggregate.Expression));
                break;
            case ReturnSyntax result: AppendPart(result.IsDistinct ? "RETURN DISTINCT " : "RETURN ", result.Expression); break;
            default: AppendModification(operation); break;
        }
    }

    private void AppendModification(OperationSyntax operation)
    {
        switch (operation)
        {
            case InsertSyntax insert:
                AppendPart("INSERT ", insert.Document);
                AppendPart(" INTO ", insert.Collection);
                AppendPart(" OPTIONS ", insert.Options);
                break;
            case UpdateSyntax update:
                var keyword = update.IsReplace ? "REPLACE " : "UPDATE ";
                AppendPart(keyword, update.Key);
                AppendPart(update.Key is null ? keyword : " WITH ", update.Document);
                AppendPart(" IN ", update.Collection);
                AppendPart(" OPTIONS ", update.Options);
                break;
            case RemoveSyntax remove:
                AppendPart("REMOVE ", remove.Key);
                AppendPart(" IN ", remove.Collection);
                AppendPart(" OPTIONS ", remove.Options);
                break;
            case UpsertSyntax upsert:
                AppendPart("UPSERT ", upsert.Search);
                AppendPart("UPSERT FILTER ", upsert.Filter);
                AppendPart(" INSERT ", upsert.Insert);
                AppendPart(upsert.IsReplace ? " REPLACE " : " UPDATE ", upsert.Update);
                AppendPart(" IN ", upsert.Collection);
                AppendPart(" OPTIONS ", upsert.Options);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation.GetType().Name, "Unknown kind of operation.");
        }
    }

    private void AppendTraversal(TraversalSyntax traversal)
    {
        AppendLoopHead(traversal.Variables, traversal.MinDepth, traversal.MaxDepth, traversal.Direction);
        AppendPart(" ", traversal.Start);
        AppendGraph(traversal.Graph);
        if (traversal.PruneVariable is { } variable)
        {
            _output.Append(" PRUNE ");
            Expressions.AppendName(variable);
            AppendPart(" = ", traversal.Prune);
        }
        else
            AppendPart(" PRUNE ", traversal.Prune);
        AppendPart(" OPTIONS ", traversal.Options);
    }

    public static string Keyword(PathSearchKind kind) => kind switch
    {
        PathSearchKind.ShortestPath => "SHORTEST_PATH",
        PathSearchKind.AllShortestPaths => "ALL_SHORTEST_PATHS",
        PathSearchKind.KShortestPaths => "K_SHORTEST_PATHS",
        _ => "K_PATHS",
    };

    private void AppendPathSearch(PathSearchSyntax search)
    {
        AppendLoopHead(search.Variables, search.MinDepth, search.MaxDepth, search.Direction);
        AppendPart($" {Keyword(search.Kind)} ", search.Start);
        AppendPart(" TO ", search.Target);
        AppendGraph(search.Graph);
        AppendPart(" OPTIONS ", search.Options);
    }

    private void AppendLoopHead(ImmutableArray<string> variables, ExpressionSyntax? least, ExpressionSyntax? most, EdgeDirection direction)
    {
        AppendList("FOR ", variables, Expressions.AppendName);
        _output.Append(" IN ");
        if (least is not null && most is not null)
            Expressions.AppendRange(least, most);
        else
            AppendPart("", least);
        if (least is not null)
            _output.Append(' ');
        AppendDirection(direction);
    }

    private void AppendDirection(EdgeDirection direction) => _output.Append(direction.ToString().ToUpperInvariant());

    private void AppendGraph(GraphSyntax graph)
    {
        AppendPart(" GRAPH ", graph.Name);
        if (graph.Name is not null)
            return;
        AppendList(" ", graph.EdgeCollections, edges =>
        {
            if (edges.Direction is { } direction)
            {
                AppendDirection(direction);
                _output.Append(' ');
            }
            Expressions.Append(edges.Collection);
        });
    }

    private void AppendCollect(CollectSyntax collect)
    {
        _output.Append("COLLECT");
        if (!collect.Groups.IsEmpty)
            AppendList(" ", collect.Groups, group => AppendAssignment(group.Variable, group.Expression));
        if (!collect.Aggregates.IsEmpty)
            AppendList(" AGGREGATE ", collect.Aggregates, aggregate => AppendAssignment(aggregate.Variable, aggregate.Expression));
        if (collect.Into is { } into)
        {
            _output.Append(" INTO ");
            Expressions.AppendName(into);
            AppendPart(" = ", collect.IntoExpression);
            if (!collect.Keep.IsDefault)
                AppendList(" KEEP ", collect.Keep, Expressions.Append);
        }
        if (collect.CountInto is { } count)
        {
            _output.Append(" WITH COUNT INTO ");
            Expressions.AppendName(count);
        }
        AppendPart(" OPTIONS ", collect.Options);
    }

    private void AppendAssignment(string variable, ExpressionSyntax expression)
    {
        Expressions.AppendName(variable);
        AppendPart(" = ", expression);
    }

    private void AppendSortItem(SortItemSyntax item)
    {
        Expressions.Append(item.Expression);
        AppendPart(" ", item.Direction);
        if (item.IsDescending)
            _output.Append(" DESC");
    }

    private void AppendTarget(TargetSyntax target)
    {
        switch (target)
        {
            case NameTargetSyntax name:
                Expressions.AppendName(name.Name);
                break;
            case ArrayTargetSyntax array:
                AppendList("[", array.Items, item =>
                {
                    if (item is not null)
                        AppendTarget(item);
                });
                // A last item that is skipped needs a comma behind it to count.
                _output.Append(array.Items is [.., null] ? ",]" : "]");
                break;
            case ObjectTargetSyntax members:
                AppendList("{", members.Members, AppendMember);
                _output.Append('}');
                break;
        }
    }

    private void AppendMember((string Attribute, TargetSyntax Target) member)
    {
        var isPlain = NameText.IsPlain(member.Attribute);
        if (isPlain)
            _output.Append(member.Attribute);
        else
            NameText.AppendString(_output, member.Attribute);
        if (isPlain && member.Target is NameTargetSyntax name && name.Name == member.Attribute)
            return;
        _output.Append(": ");
        AppendTarget(member.Target);
    }

    private void AppendList<T>(string before, ImmutableArray<T> items, Action<T> append)
    {
        _output.Append(before);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                _output.Append(", ");
            append(items[i]);
        }
    }

    private void AppendPart(string keyword, ExpressionSyntax? expression)
    {
        if (expression is null)
            return;
        _output.Append(keyword);
        Expressions.Append(expression);
    }
}
