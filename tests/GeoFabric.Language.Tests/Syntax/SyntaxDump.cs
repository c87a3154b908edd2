using System.Globalization;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Syntax;

/// <summary>Syntax trees as compact s-expressions, without their places in the text. One operation of the outer query per line.</summary>
public static class SyntaxDump
{
    public static string Of(QuerySyntax query)
    {
        var lines = query.Operations.Select(Of);
        return string.Join('\n', query.With.IsEmpty ? lines : lines.Prepend(List("with", [.. query.With.Select(Of)])));
    }

    public static string Of(ExpressionSyntax? expression) => expression switch
    {
        null => "-",
        LiteralSyntax { Value.IsDouble: true } literal => literal.Value.Number.ToString("R", CultureInfo.InvariantCulture) + "f",
        LiteralSyntax literal => literal.Value.ToString(),
        NameSyntax { Name: ExpansionSyntax.ElementName } => "_",
        NameSyntax name => Name(name.Name),
        ValueParameterSyntax parameter => "@" + parameter.Name,
        CollectionParameterSyntax parameter => "@" + parameter.Name,
        ArraySyntax array => List("array", [.. array.Items.Select(Of)]),
        ObjectSyntax members => List("object", [.. members.Members.Select(member => $"({Of(member.Name)} {Of(member.Value)})")]),
        AttributeSyntax attribute => List(".", Of(attribute.Target), Name(attribute.Name)),
        BoundAttributeSyntax attribute => List(".", Of(attribute.Target), "@" + attribute.Parameter.Name),
        IndexSyntax index => List("at", Of(index.Target), Of(index.Index)),
        ExpansionSyntax expansion => Expansion(expansion),
        QuestionMarkSyntax questionMark => List("any?", Of(questionMark.Target), Quantifier(questionMark.Quantifier), Of(questionMark.Condition)),
        UnarySyntax unary => List(unary.Operator.ToString().ToLowerInvariant(), Of(unary.Operand)),
        BinarySyntax binary => List(Symbol(binary.Operator), Of(binary.Left), Of(binary.Right)),
        ArrayComparisonSyntax comparison => List(Quantifier(comparison.Quantifier), Symbol(comparison.Operator), Of(comparison.Left), Of(comparison.Right)),
        RangeSyntax range => List("..", Of(range.Start), Of(range.End)),
        ConditionalSyntax conditional => List("?:", Of(conditional.Condition), Of(conditional.WhenTrue), Of(conditional.WhenFalse)),
        CallSyntax call => List(call.Name, [.. call.Arguments.Select(Of)]),
        SubquerySyntax subquery => List("query", [.. subquery.Query.Operations.Select(Of)]),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType().Name, "Unknown kind of expression."),
    };

    private static string Of(OperationSyntax operation) => operation switch
    {
        ForSyntax loop => List("for", [Target(loop.Target), Of(loop.Source), .. Part("search", loop.Search), .. Part("options", loop.Options)]),
        TraversalSyntax traversal => List("traverse", [
            Names(traversal.Variables), .. Part("min", traversal.MinDepth), .. Part("max", traversal.MaxDepth), Direction(traversal.Direction), Of(traversal.Start),
            Graph(traversal.Graph), .. Part(traversal.PruneVariable is { } name ? "prune " + name : "prune", traversal.Prune), .. Part("options", traversal.Options)]),
        PathSearchSyntax search => List("paths", [
            search.Kind.ToString(), Names(search.Variables), .. Part("min", search.MinDepth), .. Part("max", search.MaxDepth), Direction(search.Direction),
            Of(search.Start), Of(search.Target), Graph(search.Graph), .. Part("options", search.Options)]),
        FilterSyntax filter => List("filter", Of(filter.Condition)),
        LetSyntax let => List("let", Target(let.Target), Of(let.Value)),
        SortSyntax sort => List("sort", [.. sort.Items.Select(item =>
            item.Direction is not null ? List("by", Of(item.Expression), Of(item.Direction)) : List(item.IsDescending ? "desc" : "asc", Of(item.Expression)))]),
        LimitSyntax limit => List("limit", Of(limit.Offset), Of(limit.Count)),
        CollectSyntax collect => Collect(collect),
        WindowSyntax window => List("window", [
            .. Part("range", window.RangeValue), Of(window.Frame), .. window.Aggregates.Select(item => List("aggregate", Name(item.Variable), Of(item.Expression)))]),
        ReturnSyntax result => List(result.IsDistinct ? "return-distinct" : "return", Of(result.Expression)),
        InsertSyntax insert => List("insert", [Of(insert.Document), Of(insert.Collection), .. Part("options", insert.Options)]),
        UpdateSyntax update => List(update.IsReplace ? "replace" : "update", [
            .. Part("key", update.Key), Of(update.Document), Of(update.Collection), .. Part("options", update.Options)]),
        RemoveSyntax remove => List("remove", [Of(remove.Key), Of(remove.Collection), .. Part("options", remove.Options)]),
        UpsertSyntax upsert => List("upsert", [
            .. Part("search", upsert.Search), .. Part("filter", upsert.Filter), List("insert", Of(upsert.Insert)),
            List(upsert.IsReplace ? "replace" : "update", Of(upsert.Update)), Of(upsert.Collection), .. Part("options", upsert.Options)]),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.GetType().Name, "Unknown kind of operation."),
    };

    private static string Collect(CollectSyntax collect)
    {
        var parts = new List<string>();
        parts.AddRange(collect.Groups.Select(group => List("group", Name(group.Variable), Of(group.Expression))));
        parts.AddRange(collect.Aggregates.Select(item => List("aggregate", Name(item.Variable), Of(item.Expression))));
        if (collect.Into is { } into)
            parts.Add(List("into", Name(into), Of(collect.IntoExpression)));
        if (!collect.Keep.IsDefault)
            parts.Add(List("keep", [.. collect.Keep.Select(Of)]));
        if (collect.CountInto is { } count)
            parts.Add(List("count", Name(count)));
        parts.AddRange(Part("options", collect.Options));
        return List("collect", [.. parts]);
    }

    private static string Expansion(ExpansionSyntax expansion) => List("expand", [
        .. expansion.Depth > 1 ? [$"depth={expansion.Depth}"] : Array.Empty<string>(), Of(expansion.Target), .. Part("filter", expansion.Filter),
        .. expansion.LimitCount is null ? [] : new[] { List("limit", Of(expansion.LimitOffset), Of(expansion.LimitCount)) },
        .. Part("return", expansion.Return), .. Part("tail", expansion.Projection)]);

    private static string Quantifier(QuantifierSyntax quantifier) => quantifier.Kind switch
    {
        QuantifierKind.AtLeast or QuantifierKind.Exactly or QuantifierKind.Between =>
            List(quantifier.Kind.ToString().ToLowerInvariant(), [Of(quantifier.Count), .. quantifier.Upper is null ? [] : new[] { Of(quantifier.Upper) }]),
        _ => quantifier.Kind.ToString().ToLowerInvariant(),
    };

    private static string Graph(GraphSyntax graph) => graph.Name is not null
        ? List("graph", Of(graph.Name))
        : List("edges", [.. graph.EdgeCollections.Select(edges => edges.Direction is { } direction ? List(Direction(direction), Of(edges.Collection)) : Of(edges.Collection))]);

    private static string Target(TargetSyntax? target) => target switch
    {
        null => "-",
        NameTargetSyntax name => Name(name.Name),
        ArrayTargetSyntax array => "[" + string.Join(' ', array.Items.Select(Target)) + "]",
        ObjectTargetSyntax members => "{" + string.Join(' ', members.Members.Select(member => Name(member.Attribute) + ":" + Target(member.Target))) + "}",
        _ => throw new ArgumentOutOfRangeException(nameof(target), target.GetType().Name, "Unknown kind of target."),
    };

    private static string Symbol(BinaryOperator binaryOperator) => binaryOperator switch
    {
        BinaryOperator.Or => "or",
        BinaryOperator.And => "and",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.In => "in",
        BinaryOperator.NotIn => "not-in",
        BinaryOperator.Like => "like",
        BinaryOperator.NotLike => "not-like",
        BinaryOperator.Matches => "=~",
        BinaryOperator.NotMatches => "!~",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        _ => throw new ArgumentOutOfRangeException(nameof(binaryOperator), binaryOperator, "Unknown operator."),
    };

    private static string Direction(EdgeDirection direction) => direction.ToString().ToLowerInvariant();

    private static string Names(IEnumerable<string> names) => "(" + string.Join(' ', names.Select(Name)) + ")";

    private static string Name(string name) => name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '$') ? name : "`" + name.Replace("\n", "\\n") + "`";

    private static string[] Part(string label, ExpressionSyntax? expression) => expression is null ? [] : [List(label, Of(expression))];

    private static string List(string head, params ReadOnlySpan<string> parts) => parts.IsEmpty ? $"({head})" : $"({head} {string.Join(' ', parts)})";
}
