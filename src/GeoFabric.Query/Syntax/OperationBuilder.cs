using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Antlr4.Runtime;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Builds queries and their operations from the parse tree, and checks the static rules that the grammar leaves open.</summary>
internal sealed class OperationBuilder
{
    private readonly QueryText _query;
    private readonly CommonTokenStream _tokens;
    private readonly ExpressionBuilder _expressions;
    private readonly LoopBuilder _loops;
    private readonly ModificationBuilder _modifications;

    public OperationBuilder(QueryText query, CommonTokenStream tokens)
    {
        _query = query;
        _tokens = tokens;
        _expressions = new ExpressionBuilder(query, this);
        var targets = new TargetBuilder(query);
        _loops = new LoopBuilder(query, _expressions, targets);
        _modifications = new ModificationBuilder(query, tokens, _expressions, targets);
        Targets = targets;
    }

    private TargetBuilder Targets { get; }

    public QuerySyntax Build(C8QLParser.QueryContext context)
    {
        var with = context.withClause()?.withCollection().Select(collection => Targets.Collection(collection.Start, collection.name())).ToImmutableArray() ?? [];
        return Build(context.body(), with);
    }

    /// <param name="context">Anything whose operations and RETURN are a query.</param>
    public QuerySyntax Subquery(ParserRuleContext context) => Build(context, []);

    private QuerySyntax Build(ParserRuleContext body, ImmutableArray<ExpressionSyntax> with)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var operations = ImmutableArray.CreateBuilder<OperationSyntax>();
        ParserRuleContext? last = null;
        var hasLoop = false;
        foreach (var child in body.children ?? [])
        {
            switch (child)
            {
                case C8QLParser.OperationContext operation:
                    last = (ParserRuleContext)operation.GetChild(0);
                    hasLoop |= last is C8QLParser.ForOperationContext;
                    Add(last, operations);
                    break;
                case C8QLParser.ReturnOperationContext result:
                    last = result;
                    operations.Add(Return(result, hasLoop));
                    break;
            }
        }
        if (last is not (C8QLParser.ReturnOperationContext or C8QLParser.InsertOperationContext or C8QLParser.UpdateOperationContext
            or C8QLParser.RemoveOperationContext or C8QLParser.UpsertOperationContext))
        {
            var next = last is null ? body.Start : _tokens.Get(last.Stop.TokenIndex + 1);
            throw SyntaxErrors.Unexpected(_query, next.StartIndex, TokenNames.Of(next.Type), "RETURN or a data modification");
        }
        return new QuerySyntax(with, operations.ToImmutable(), new SourceSpan(body.Start.StartIndex, last.Stop.StopIndex + 1));
    }

    private void Add(ParserRuleContext context, ImmutableArray<OperationSyntax>.Builder operations)
    {
        if (context is C8QLParser.LetOperationContext let)
        {
            foreach (var item in let.letItem())
                operations.Add(new LetSyntax(Targets.Target(item.target()), _expressions.Build(item.expression()), ExpressionBuilder.Span(item)));
            return;
        }
        operations.Add(context switch
        {
            C8QLParser.ForOperationContext loop => _loops.For(loop),
            C8QLParser.FilterOperationContext filter => new FilterSyntax(_expressions.Build(filter.expression()), ExpressionBuilder.Span(filter)),
            C8QLParser.SortOperationContext sort => new SortSyntax([.. sort.sortItem().Select(SortItem)], ExpressionBuilder.Span(sort)),
            C8QLParser.LimitOperationContext limit => Limit(limit),
            C8QLParser.CollectOperationContext collect => Collect(collect),
            C8QLParser.WindowOperationContext window => Window(window),
            C8QLParser.InsertOperationContext insert => _modifications.Insert(insert),
            C8QLParser.UpdateOperationContext update => _modifications.Update(update),
            C8QLParser.RemoveOperationContext remove => _modifications.Remove(remove),
            C8QLParser.UpsertOperationContext upsert => _modifications.Upsert(upsert),
            _ => throw new UnreachableException($"No operation: {context.GetType().Name}."),
        });
    }

    private ReturnSyntax Return(C8QLParser.ReturnOperationContext context, bool hasLoop)
    {
        if (context.DISTINCT() is { } distinct && !hasLoop)
            throw SyntaxErrors.Parse(_query, distinct.Symbol.StartIndex, "RETURN DISTINCT needs a FOR before it in the same query,");
        return new ReturnSyntax(context.DISTINCT() is not null, _expressions.Build(context.expression()), ExpressionBuilder.Span(context));
    }

    private SortItemSyntax SortItem(C8QLParser.SortItemContext context)
    {
        var expression = _expressions.Build(context.expression());
        if (context.VALUE_PARAMETER() is { } parameter)
            return new SortItemSyntax(expression, false, ExpressionBuilder.ValueParameter(parameter.Symbol));
        if (context.literal() is not { } literal)
            return new SortItemSyntax(expression, context.DESC() is not null, null);
        var direction = _expressions.Literal(literal.Start);
        var isDirection = direction.Value.IsNumber || direction.Value.IsBoolean
            || (direction.Value.IsString && direction.Value.Text.ToUpperInvariant() is "ASC" or "DESC");
        if (!isDirection)
            throw SyntaxErrors.Unexpected(_query, direction.Span.Start, TokenNames.Of(literal.Start.Type), "ASC, DESC, a boolean or a number as the direction");
        return new SortItemSyntax(expression, false, direction);
    }

    private LimitSyntax Limit(C8QLParser.LimitOperationContext context)
    {
        var bounds = context.expression().Select(bound => _expressions.Build(bound)).ToList();
        foreach (var bound in bounds)
            DemandLimit(bound);
        return new LimitSyntax(bounds.Count == 2 ? bounds[0] : null, bounds[^1], ExpressionBuilder.Span(context));
    }

    private void DemandLimit(ExpressionSyntax bound)
    {
        if (ConstantSyntax.DependsOnRows(bound))
            throw SyntaxErrors.Parse(_query, bound.Span.Start, "LIMIT takes constants and bind parameters only,");
        if (bound is LiteralSyntax { Value: { IsNull: false, IsNumber: false } })
            throw SyntaxErrors.Parse(_query, bound.Span.Start, "LIMIT takes non-negative numbers only,");
        if (ConstantSyntax.Number(bound) < 0)
            throw SyntaxErrors.At(Primitives.Errors.ErrorCodes.NumberOutOfRange, _query, bound.Span.Start, "LIMIT takes non-negative numbers only,");
    }

    private CollectSyntax Collect(C8QLParser.CollectOperationContext context)
    {
        if (context.ChildCount == 1 || (context.ChildCount == 2 && context.optionsClause() is not null))
        {
            var next = _tokens.Get(context.Start.TokenIndex + 1);
            throw SyntaxErrors.Unexpected(_query, next.StartIndex, TokenNames.Of(next.Type), "a group, AGGREGATE, INTO or WITH COUNT");
        }
        var groups = context.assignments()?.assignment() ?? [];
        if (groups.Length == 0 && context.aggregateClause() is not null && context.countClause() is { } counted)
            throw SyntaxErrors.Parse(_query, counted.Start.StartIndex, "AGGREGATE without groups takes no WITH COUNT; LENGTH(1) among the aggregates counts,");
        var into = context.intoClause();
        var keep = into?.KEEP() is null ? default : into.name().Skip(1).Select(ExpressionBuilder.NameReference).ToImmutableArray();
        return new CollectSyntax(
            [.. groups.Select(group => new GroupSyntax(ExpressionBuilder.Name(group.name()), _expressions.Build(group.expression()), ExpressionBuilder.Span(group)))],
            context.aggregateClause() is { } aggregates ? Aggregates(aggregates) : [],
            into is null ? null : ExpressionBuilder.Name(into.name(0)),
            _expressions.BuildOptional(into?.expression()),
            keep,
            context.countClause() is { } count ? ExpressionBuilder.Name(count.name()) : null,
            TargetBuilder.Options(_expressions, context.optionsClause()),
            ExpressionBuilder.Span(context));
    }

    private ImmutableArray<AggregateSyntax> Aggregates(C8QLParser.AggregateClauseContext context) =>
        [.. context.assignments().assignment().Select(aggregate => new AggregateSyntax(
            ExpressionBuilder.Name(aggregate.name()), _expressions.Build(aggregate.expression()), ExpressionBuilder.Span(aggregate)))];

    private WindowSyntax Window(C8QLParser.WindowOperationContext context)
    {
        var first = _expressions.Build(context.expression());
        var aggregates = Aggregates(context.aggregateClause());
        if (context.@object() is { } frame)
            return new WindowSyntax(first, _expressions.Object(frame), aggregates, ExpressionBuilder.Span(context));
        if (first is not ObjectSyntax rows)
        {
            var next = context.aggregateClause().Start;
            throw SyntaxErrors.Unexpected(_query, next.StartIndex, TokenNames.Of(next.Type), "WITH and the frame of the window");
        }
        return new WindowSyntax(null, rows, aggregates, ExpressionBuilder.Span(context));
    }
}
