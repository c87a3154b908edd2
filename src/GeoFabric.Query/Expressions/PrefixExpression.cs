using System.Collections.Immutable;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>A bound for strings that begin with a text: the text itself, or the text and the highest character of the collation (U+FFFF).</summary>
/// <param name="source">A LIKE pattern or a prefix.</param>
/// <param name="isPattern">Whether <paramref name="source"/> is a LIKE pattern, of which the part before the first wildcard counts.</param>
public sealed class PrefixExpression(Expression source, bool isPattern, bool isUpper) : Expression
{
    public override ImmutableArray<Expression> Children => [source];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new PrefixExpression(children[0], isPattern, isUpper);

    /// <summary>STARTS_WITH() takes a list of prefixes too, or warns; no bounds say which documents that finds. LIKE casts its pattern.</summary>
    public override bool OwnMayWarn => !isPattern && source is not ConstantExpression { Value.IsString: true };

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var value = source.Evaluate(context, row);
        // Told to nobody: whoever computes bounds takes a warning for having to do without them.
        if (!isPattern && !value.IsString)
            context.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "a prefix that is no string");
        var text = Casts.ToText(value).Utf8;
        var prefix = isPattern ? TextPatterns.LiteralPrefix(text) : text.ToArray();
        return Value.FromUtf8(isUpper ? [.. prefix, .. Encoding.UTF8.GetBytes("\uFFFF")] : prefix, 0, prefix.Length + (isUpper ? 3 : 0));
    }

    public override string ToString() => isUpper ? $"end of prefix {source}" : $"prefix {source}";
}
