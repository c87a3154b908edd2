namespace GeoFabric.Query.Syntax;

/// <summary>The parts of a piece of syntax, for walks that treat all kinds alike.</summary>
public static class SyntaxChildren
{
    /// <summary>Adds the direct parts of an expression, operation or query: expressions, operations and the query of a subquery, in the order of the text.</summary>
    public static void Add(object node, List<object> parts)
    {
        switch (node)
        {
            case QuerySyntax query:
                parts.AddRange(query.With);
                parts.AddRange(query.Operations);
                break;
            case OperationSyntax operation:
                AddOperation(operation, parts);
                break;
            default:
                AddExpression((ExpressionSyntax)node, parts);
                break;
        }
    }

    private static void AddExpression(ExpressionSyntax expression, List<object> parts)
    {
        switch (expression)
        {
            case ArraySyntax array: parts.AddRange(array.Items); break;
            case ObjectSyntax members: AddMembers(members, parts); break;
            case AttributeSyntax attribute: parts.Add(attribute.Target); break;
            case BoundAttributeSyntax attribute: AddPresent(parts, attribute.Target, attribute.Parameter); break;
            case IndexSyntax index: AddPresent(parts, index.Target, index.Index); break;
            case ExpansionSyntax expansion:
                AddPresent(parts, expansion.Target, expansion.Filter, expansion.LimitOffset, expansion.LimitCount, expansion.Return, expansion.Projection);
                break;
            case QuestionMarkSyntax questionMark:
                AddPresent(parts, questionMark.Target, questionMark.Quantifier.Count, questionMark.Quantifier.Upper, questionMark.Condition);
                break;
            case UnarySyntax unary: parts.Add(unary.Operand); break;
            case BinarySyntax binary: AddPresent(parts, binary.Left, binary.Right); break;
            case ArrayComparisonSyntax comparison:
                AddPresent(parts, comparison.Left, comparison.Quantifier.Count, comparison.Quantifier.Upper, comparison.Right);
                break;
            case RangeSyntax range: AddPresent(parts, range.Start, range.End); break;
            case ConditionalSyntax conditional: AddPresent(parts, conditional.Condition, conditional.WhenTrue, conditional.WhenFalse); break;
            case CallSyntax call: parts.AddRange(call.Arguments); break;
            case SubquerySyntax subquery: parts.Add(subquery.Query); break;
        }
    }

    private static void AddOperation(OperationSyntax operation, List<object> parts)
    {
        switch (operation)
        {
            case ForSyntax loop: AddPresent(parts, loop.Source, loop.Search, loop.Options); break;
            case TraversalSyntax traversal:
                AddPresent(parts, traversal.MinDepth, traversal.MaxDepth, traversal.Start);
                AddGraph(traversal.Graph, parts);
                AddPresent(parts, traversal.Prune, traversal.Options);
                break;
            case PathSearchSyntax search:
                AddPresent(parts, search.MinDepth, search.MaxDepth, search.Start, search.Target);
                AddGraph(search.Graph, parts);
                AddPresent(parts, search.Options);
                break;
            case FilterSyntax filter: parts.Add(filter.Condition); break;
            case LetSyntax let: parts.Add(let.Value); break;
            case SortSyntax sort:
                foreach (var item in sort.Items)
                    AddPresent(parts, item.Expression, item.Direction);
                break;
            case LimitSyntax limit: AddPresent(parts, limit.Offset, limit.Count); break;
            case CollectSyntax collect: AddCollect(collect, parts); break;
            case WindowSyntax window:
                AddPresent(parts, window.RangeValue, window.Frame);
                parts.AddRange(window.Aggregates.Select(aggregate => aggregate.Expression));
                break;
            case ReturnSyntax result: parts.Add(result.Expression); break;
            case InsertSyntax insert: AddPresent(parts, insert.Document, insert.Collection, insert.Options); break;
            case UpdateSyntax update: AddPresent(parts, update.Key, update.Document, update.Collection, update.Options); break;
            case RemoveSyntax remove: AddPresent(parts, remove.Key, remove.Collection, remove.Options); break;
            case UpsertSyntax upsert:
                AddPresent(parts, upsert.Search, upsert.Filter, upsert.Insert, upsert.Update, upsert.Collection, upsert.Options);
                break;
        }
    }

    private static void AddCollect(CollectSyntax collect, List<object> parts)
    {
        parts.AddRange(collect.Groups.Select(group => group.Expression));
        parts.AddRange(collect.Aggregates.Select(aggregate => aggregate.Expression));
        AddPresent(parts, collect.IntoExpression);
        if (!collect.Keep.IsDefault)
            parts.AddRange(collect.Keep);
        AddPresent(parts, collect.Options);
    }

    private static void AddGraph(GraphSyntax graph, List<object> parts)
    {
        AddPresent(parts, graph.Name);
        parts.AddRange(graph.EdgeCollections.Select(edges => edges.Collection));
    }

    private static void AddMembers(ObjectSyntax members, List<object> parts)
    {
        foreach (var member in members.Members)
            AddPresent(parts, member.Name, member.Value);
    }

    private static void AddPresent(List<object> parts, params ReadOnlySpan<ExpressionSyntax?> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (candidate is not null)
                parts.Add(candidate);
        }
    }
}
