using System.Runtime.CompilerServices;
using Antlr4.Runtime.Tree;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Builds what follows an operand: attribute and index access, and array operators, which take the accesses behind them as their tail.</summary>
internal sealed class SuffixBuilder(QueryText query)
{
    /// <summary>Applies the suffixes that start at a position of the operand's parse nodes.</summary>
    public ExpressionSyntax Apply(ExpressionBuilder expressions, ExpressionSyntax target, IList<IParseTree> nodes, int first)
    {
        if (nodes.Count - first > SyntaxLimits.TreeDepthMax)
            throw SyntaxErrors.At(ErrorCodes.TooMuchNesting, query, target.Span.Start, $"more than {SyntaxLimits.TreeDepthMax} accesses in a row");
        return Apply(expressions, target, nodes, first, nodes.Count);
    }

    private static ExpressionSyntax Apply(ExpressionBuilder expressions, ExpressionSyntax target, IList<IParseTree> nodes, int first, int end)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var result = target;
        for (var i = first; i < end; i++)
        {
            var suffix = (C8QLParser.SuffixContext)nodes[i];
            var span = new SourceSpan(target.Span.Start, suffix.Stop.StopIndex + 1);
            if (suffix.expansion() is { } expansion)
            {
                var tailEnd = i + 1;
                while (tailEnd < end && !FlattensEverythingBefore((C8QLParser.SuffixContext)nodes[tailEnd]))
                    tailEnd++;
                var element = new NameSyntax(ExpansionSyntax.ElementName, new SourceSpan(span.End, span.End));
                var projection = tailEnd == i + 1 ? null : Apply(expressions, element, nodes, i + 1, tailEnd);
                result = Expansion(expressions, result, expansion, projection, new SourceSpan(span.Start, projection?.Span.End ?? span.End));
                i = tailEnd - 1;
            }
            else if (suffix.questionMark() is { } questionMark)
                result = QuestionMark(expressions, result, questionMark, span);
            else if (suffix.expression() is { } index)
                result = new IndexSyntax(result, expressions.Build(index), span);
            else if (suffix.name() is { } name)
                result = new AttributeSyntax(result, ExpressionBuilder.Name(name), span);
            else
                result = new BoundAttributeSyntax(result, ExpressionBuilder.ValueParameter(suffix.VALUE_PARAMETER().Symbol), span);
        }
        return result;
    }

    // A later [**] works on what all accesses before it yield together, so it ends the tail of a [*].
    private static bool FlattensEverythingBefore(C8QLParser.SuffixContext suffix) => suffix.expansion() is { } expansion && expansion.STAR().Length > 1;

    private static ExpansionSyntax Expansion(
        ExpressionBuilder expressions, ExpressionSyntax target, C8QLParser.ExpansionContext context, ExpressionSyntax? projection, SourceSpan span)
    {
        // FILTER and RETURN are told apart by the keyword before their expression.
        ExpressionSyntax? filter = null;
        ExpressionSyntax? result = null;
        for (var i = 1; i < context.ChildCount; i++)
        {
            if (context.children[i] is not C8QLParser.ExpressionContext expression)
                continue;
            if (((ITerminalNode)context.children[i - 1]).Symbol.Type == C8QLParser.FILTER)
                filter = expressions.Build(expression);
            else
                result = expressions.Build(expression);
        }
        var limits = context.inlineLimit()?.expression() ?? [];
        var offset = limits.Length == 2 ? expressions.Build(limits[0]) : null;
        var count = limits.Length > 0 ? expressions.Build(limits[^1]) : null;
        return new ExpansionSyntax(target, context.STAR().Length, filter, offset, count, result, projection, span);
    }

    private static QuestionMarkSyntax QuestionMark(ExpressionBuilder expressions, ExpressionSyntax target, C8QLParser.QuestionMarkContext context, SourceSpan span)
    {
        var parts = context.expression();
        var condition = context.FILTER() is null ? null : expressions.Build(parts[^1]);
        if (context.quantifier() is { } written)
            return new QuestionMarkSyntax(target, expressions.Quantifier(written), condition, span);
        var count = parts.Length - (condition is null ? 0 : 1) == 1 ? expressions.Build(parts[0]) : null;
        var quantifier = count switch
        {
            null => new QuantifierSyntax(QuantifierKind.Any, null, null),
            RangeSyntax range => new QuantifierSyntax(QuantifierKind.Between, range.Start, range.End),
            _ => new QuantifierSyntax(QuantifierKind.Exactly, count, null),
        };
        return new QuestionMarkSyntax(target, quantifier, condition, span);
    }
}
