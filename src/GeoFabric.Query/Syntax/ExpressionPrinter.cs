using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Syntax;

/// <summary>Writes expressions; brackets only where the tree would otherwise come out differently.</summary>
internal sealed class ExpressionPrinter(StringBuilder output, OperationPrinter operations)
{
    public void Append(ExpressionSyntax expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (expression)
        {
            case LiteralSyntax literal: AppendLiteral(literal.Value); break;
            // The element of an array operator is what its tail is attached to; it has no text.
            case NameSyntax { Name: ExpansionSyntax.ElementName }: break;
            case NameSyntax name: NameText.AppendName(output, name.Name); break;
            case ValueParameterSyntax parameter: output.Append('@').Append(parameter.Name); break;
            case CollectionParameterSyntax parameter: output.Append('@').Append(parameter.Name); break;
            case ArraySyntax array: AppendList('[', array.Items.AsSpan(), ']'); break;
            case ObjectSyntax members: AppendObject(members); break;
            case AttributeSyntax attribute:
                AppendTarget(attribute.Target);
                output.Append('.');
                NameText.AppendName(output, attribute.Name);
                break;
            case BoundAttributeSyntax attribute:
                AppendTarget(attribute.Target);
                output.Append(".@").Append(attribute.Parameter.Name);
                break;
            case IndexSyntax index:
                AppendTarget(index.Target);
                output.Append('[');
                Append(index.Index);
                output.Append(']');
                break;
            case ExpansionSyntax expansion: AppendExpansion(expansion); break;
            case QuestionMarkSyntax questionMark: AppendQuestionMark(questionMark); break;
            case CallSyntax call: AppendCall(call); break;
            case SubquerySyntax subquery:
                output.Append('(');
                operations.Append(subquery.Query);
                output.Append(')');
                break;
            default: AppendOperation(expression); break;
        }
    }

    public void AppendName(string name) => NameText.AppendName(output, name);

    /// <summary>Writes a range without brackets around the whole, as depths of traversals and question-mark operators need it.</summary>
    public void AppendRange(ExpressionSyntax start, ExpressionSyntax end)
    {
        AppendOperand(start, needsBrackets: Strength(start) < OperatorTable.Range || start is ArrayComparisonSyntax);
        output.Append("..");
        AppendOperand(end, needsBrackets: Strength(end) <= OperatorTable.Range);
    }

    private void AppendOperation(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case UnarySyntax unary:
                output.Append(unary.Operator switch
                {
                    UnaryOperator.Not => "NOT ",
                    UnaryOperator.Plus => "+",
                    _ => "-",
                });
                AppendOperand(unary.Operand, needsBrackets: Strength(unary.Operand) < OperatorTable.Unary);
                break;
            case BinarySyntax binary:
                var strength = OperatorTable.Strength(binary.Operator);
                AppendBoth(binary.Left, strength, null, binary.Operator, binary.Right);
                break;
            case ArrayComparisonSyntax comparison:
                AppendBoth(comparison.Left, OperatorTable.Quantified, comparison.Quantifier, comparison.Operator, comparison.Right);
                break;
            case RangeSyntax range:
                AppendRange(range.Start, range.End);
                break;
            case ConditionalSyntax conditional:
                AppendOperand(conditional.Condition, needsBrackets: conditional.Condition is ConditionalSyntax);
                output.Append(" ? ");
                if (conditional.WhenTrue is not null)
                {
                    Append(conditional.WhenTrue);
                    output.Append(' ');
                }
                output.Append(": ");
                Append(conditional.WhenFalse);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType().Name, "Unknown kind of expression.");
        }
    }

    private void AppendBoth(ExpressionSyntax left, int leftStrength, QuantifierSyntax? quantifier, BinaryOperator binaryOperator, ExpressionSyntax right)
    {
        // Array comparisons bind differently to both sides; next to anything but AND and OR they stand in brackets.
        var isLogical = quantifier is null && binaryOperator is BinaryOperator.And or BinaryOperator.Or;
        AppendOperand(left, Strength(left) < leftStrength || (left is ArrayComparisonSyntax && !isLogical));
        output.Append(' ');
        if (quantifier is not null)
        {
            AppendQuantifier(quantifier);
            output.Append(' ');
        }
        output.Append(OperatorTable.Symbol(binaryOperator)).Append(' ');
        AppendOperand(right, Strength(right) <= OperatorTable.Strength(binaryOperator) || (right is ArrayComparisonSyntax && !isLogical));
    }

    private void AppendOperand(ExpressionSyntax operand, bool needsBrackets)
    {
        if (needsBrackets)
            output.Append('(');
        Append(operand);
        if (needsBrackets)
            output.Append(')');
    }

    /// <summary>Writes what an access is applied to. An array operator there stands in brackets, or the access would be its tail.</summary>
    private void AppendTarget(ExpressionSyntax target) =>
        AppendOperand(target, Strength(target) < OperatorTable.Postfix || target is LiteralSyntax or ExpansionSyntax);

    private static int Strength(ExpressionSyntax expression) => expression switch
    {
        ConditionalSyntax => OperatorTable.Conditional,
        ArrayComparisonSyntax => OperatorTable.Quantified,
        BinarySyntax binary => OperatorTable.Strength(binary.Operator),
        RangeSyntax => OperatorTable.Range,
        UnarySyntax or LiteralSyntax { Value: { IsNumber: true, Number: < 0 } } => OperatorTable.Unary,
        _ => OperatorTable.Postfix,
    };

    private void AppendLiteral(Value value)
    {
        if (value.IsString)
        {
            NameText.AppendString(output, value.Text);
            return;
        }
        if (!value.IsDouble)
        {
            output.Append(value.ToString());
            return;
        }
        var digits = value.Number.ToString("R", CultureInfo.InvariantCulture);
        output.Append(digits);
        if (!digits.AsSpan().ContainsAny('.', 'E'))
            output.Append(".0");
    }

    private void AppendList(char open, ReadOnlySpan<ExpressionSyntax> items, char close)
    {
        output.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                output.Append(", ");
            Append(items[i]);
        }
        output.Append(close);
    }

    private void AppendObject(ObjectSyntax members)
    {
        output.Append('{');
        var separator = "";
        foreach (var member in members.Members)
        {
            output.Append(separator);
            separator = ", ";
            switch (member.Name)
            {
                case LiteralSyntax { Value.IsString: true } name when NameText.IsPlain(name.Value.Text): output.Append(name.Value.Text); break;
                case LiteralSyntax { Value.IsString: true } or ValueParameterSyntax: Append(member.Name); break;
                default: AppendList('[', [member.Name], ']'); break;
            }
            output.Append(": ");
            Append(member.Value);
        }
        output.Append('}');
    }

    private void AppendExpansion(ExpansionSyntax expansion)
    {
        // [**] and deeper apply to everything before them, so an array operator before them needs no brackets.
        if (expansion.Target is ExpansionSyntax && expansion.Depth > 1)
            Append(expansion.Target);
        else
            AppendTarget(expansion.Target);
        output.Append('[').Append('*', expansion.Depth);
        AppendPart(" FILTER ", expansion.Filter);
        AppendPart(" LIMIT ", expansion.LimitOffset);
        AppendPart(expansion.LimitOffset is null ? " LIMIT " : ", ", expansion.LimitCount);
        AppendPart(" RETURN ", expansion.Return);
        output.Append(']');
        AppendPart("", expansion.Projection);
    }

    private void AppendQuestionMark(QuestionMarkSyntax questionMark)
    {
        AppendTarget(questionMark.Target);
        output.Append("[?");
        if (questionMark.Quantifier.Kind != QuantifierKind.Any)
        {
            output.Append(' ');
            AppendQuantifier(questionMark.Quantifier);
        }
        AppendPart(" FILTER ", questionMark.Condition);
        output.Append(']');
    }

    private void AppendQuantifier(QuantifierSyntax quantifier)
    {
        switch (quantifier)
        {
            case { Kind: QuantifierKind.AtLeast, Count: { } count }: AppendPart("AT LEAST (", count); output.Append(')'); break;
            case { Kind: QuantifierKind.Exactly, Count: { } count }: Append(count); break;
            case { Kind: QuantifierKind.Between, Count: { } least, Upper: { } most }: AppendRange(least, most); break;
            default: output.Append(quantifier.Kind.ToString().ToUpperInvariant()); break;
        }
    }

    private void AppendCall(CallSyntax call)
    {
        var separator = "";
        foreach (var part in call.Name.Split("::"))
        {
            output.Append(separator);
            separator = "::";
            if (call.Name == "LIKE")
                output.Append(part);
            else
                NameText.AppendName(output, part);
        }
        if (call.Arguments is [SubquerySyntax])
            Append(call.Arguments[0]);
        else
            AppendList('(', call.Arguments.AsSpan(), ')');
    }

    private void AppendPart(string keyword, ExpressionSyntax? expression)
    {
        if (expression is null)
            return;
        output.Append(keyword);
        Append(expression);
    }
}
