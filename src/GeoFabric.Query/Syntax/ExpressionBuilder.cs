using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Builds expressions from the parse tree. Recursion follows brackets only, which <see cref="NestingGate"/> has counted.</summary>
internal sealed class ExpressionBuilder(QueryText query, OperationBuilder operations)
{
    /// <summary>The one integer that fits into 64 bits only together with its sign.</summary>
    private const string SmallestWithoutSign = "9223372036854775808";

    private readonly SuffixBuilder _suffixes = new(query);

    public ExpressionSyntax Build(C8QLParser.ExpressionContext context) => Build(context, skippedAtEnd: 0);

    public ExpressionSyntax? BuildOptional(C8QLParser.ExpressionContext? context) => context is null ? null : Build(context);

    /// <summary>Builds an expression without its last parse nodes, which belong to something else.</summary>
    public ExpressionSyntax Build(C8QLParser.ExpressionContext context, int skippedAtEnd)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var children = context.children;
        if (children.Count == 1)
            return Chain((C8QLParser.ChainContext)children[0], skippedAtEnd);

        // condition ? whenTrue : condition ? whenTrue : otherwise, where each whenTrue may be missing.
        var conditions = new List<ExpressionSyntax>();
        var branches = new List<ExpressionSyntax?>();
        for (var i = 0; i < children.Count; i++)
        {
            switch (children[i])
            {
                case C8QLParser.ChainContext chain:
                    conditions.Add(Chain(chain, i == children.Count - 1 ? skippedAtEnd : 0));
                    break;
                case C8QLParser.ExpressionContext branch:
                    branches[^1] = Build(branch);
                    break;
                case ITerminalNode { Symbol.Type: C8QLParser.QUESTION }:
                    branches.Add(null);
                    break;
            }
        }
        var result = conditions[^1];
        for (var i = branches.Count - 1; i >= 0; i--)
            result = new ConditionalSyntax(conditions[i], branches[i], result, new SourceSpan(conditions[i].Span.Start, result.Span.End));
        return result;
    }

    public QuantifierSyntax Quantifier(C8QLParser.QuantifierContext context) => context.Start.Type switch
    {
        C8QLParser.ALL => new QuantifierSyntax(QuantifierKind.All, null, null),
        C8QLParser.ANY => new QuantifierSyntax(QuantifierKind.Any, null, null),
        C8QLParser.NONE => new QuantifierSyntax(QuantifierKind.None, null, null),
        _ => new QuantifierSyntax(QuantifierKind.AtLeast, Build(context.expression()), null),
    };

    public ObjectSyntax Object(C8QLParser.ObjectContext context)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var members = ImmutableArray.CreateBuilder<ObjectMemberSyntax>();
        foreach (var child in context.children)
        {
            if (child is C8QLParser.MemberContext member)
                members.Add(Member(member));
        }
        return new ObjectSyntax(members.ToImmutable(), Span(context));
    }

    public static SourceSpan Span(ParserRuleContext context) => new(context.Start.StartIndex, context.Stop.StopIndex + 1);

    public static SourceSpan Span(IToken token) => new(token.StartIndex, token.StopIndex + 1);

    public static string Name(C8QLParser.NameContext context) =>
        context.Start.Type == C8QLParser.QUOTED_NAME ? LiteralReader.Unquote(context.Start.Text) : context.Start.Text;

    public static NameSyntax NameReference(C8QLParser.NameContext context) => new(Name(context), Span(context.Start));

    /// <summary>The parameter of a <c>@name</c> token.</summary>
    public static ValueParameterSyntax ValueParameter(IToken token) => new(token.Text[1..], Span(token));

    public static CollectionParameterSyntax CollectionParameter(IToken token) => new(token.Text[1..], Span(token));

    public LiteralSyntax Literal(IToken token) => new(LiteralReader.Read(query, token), Span(token));

    private ExpressionSyntax Chain(C8QLParser.ChainContext context, int skippedAtEnd)
    {
        var children = context.children;
        var first = Operand((C8QLParser.OperandContext)children[0]);
        var end = children.Count - skippedAtEnd;
        if (end == 1)
            return first;
        var chain = new ChainBuilder(first);
        QuantifierSyntax? quantifier = null;
        var isNegated = false;
        var symbol = 0;
        for (var i = 1; i < end; i++)
        {
            switch (children[i])
            {
                case C8QLParser.QuantifierContext quantifierContext:
                    quantifier = Quantifier(quantifierContext);
                    break;
                case ITerminalNode { Symbol.Type: C8QLParser.NOT }:
                    isNegated = true;
                    break;
                case ITerminalNode terminal:
                    symbol = terminal.Symbol.Type;
                    break;
                case C8QLParser.OperandContext operand when symbol == C8QLParser.RANGE:
                    chain.AddRange(Operand(operand));
                    break;
                case C8QLParser.OperandContext operand:
                    chain.Add(Operator(symbol, isNegated), quantifier, Operand(operand));
                    quantifier = null;
                    isNegated = false;
                    break;
            }
        }
        return chain.Build();
    }

    private static BinaryOperator Operator(int symbol, bool isNegated) => symbol switch
    {
        C8QLParser.AND => BinaryOperator.And,
        C8QLParser.OR => BinaryOperator.Or,
        C8QLParser.EQUAL => BinaryOperator.Equal,
        C8QLParser.NOT_EQUAL => BinaryOperator.NotEqual,
        C8QLParser.LESS => BinaryOperator.Less,
        C8QLParser.LESS_OR_EQUAL => BinaryOperator.LessOrEqual,
        C8QLParser.GREATER => BinaryOperator.Greater,
        C8QLParser.GREATER_OR_EQUAL => BinaryOperator.GreaterOrEqual,
        C8QLParser.MATCHES => isNegated ? BinaryOperator.NotMatches : BinaryOperator.Matches,
        C8QLParser.NOT_MATCHES => isNegated ? BinaryOperator.Matches : BinaryOperator.NotMatches,
        C8QLParser.PLUS => BinaryOperator.Add,
        C8QLParser.MINUS => BinaryOperator.Subtract,
        C8QLParser.STAR => BinaryOperator.Multiply,
        C8QLParser.SLASH => BinaryOperator.Divide,
        C8QLParser.PERCENT => BinaryOperator.Modulo,
        C8QLParser.IN => isNegated ? BinaryOperator.NotIn : BinaryOperator.In,
        C8QLParser.LIKE => isNegated ? BinaryOperator.NotLike : BinaryOperator.Like,
        _ => throw new ArgumentOutOfRangeException(nameof(symbol), symbol, "No operator."),
    };

    private ExpressionSyntax Operand(C8QLParser.OperandContext context)
    {
        var children = context.children;
        var prefixCount = 0;
        while (children[prefixCount] is ITerminalNode)
            prefixCount++;
        if (prefixCount > 0 && children[prefixCount] is C8QLParser.LiteralContext { Start.Text: SmallestWithoutSign } && children[prefixCount - 1] is ITerminalNode { Symbol.Type: C8QLParser.MINUS } minus)
            return Prefix(children, prefixCount - 1, new LiteralSyntax(Value.FromInteger(long.MinValue), new SourceSpan(minus.Symbol.StartIndex, Span(context).End)));
        var result = children[prefixCount] switch
        {
            C8QLParser.LiteralContext literal => Literal(literal.Start),
            var atom => Atom((C8QLParser.AtomContext)atom),
        };
        if (children.Count > prefixCount + 1)
            result = _suffixes.Apply(this, result, children, prefixCount + 1);
        return Prefix(children, prefixCount, result);
    }

    /// <summary>Puts the signs and NOTs in front of an operand.</summary>
    private static ExpressionSyntax Prefix(IList<IParseTree> children, int prefixCount, ExpressionSyntax result)
    {
        for (var i = prefixCount - 1; i >= 0; i--)
        {
            var sign = ((ITerminalNode)children[i]).Symbol;
            var unaryOperator = sign.Type switch
            {
                C8QLParser.NOT => UnaryOperator.Not,
                C8QLParser.PLUS => UnaryOperator.Plus,
                _ => UnaryOperator.Minus,
            };
            result = new UnarySyntax(unaryOperator, result, new SourceSpan(sign.StartIndex, result.Span.End));
        }
        return result;
    }

    private ExpressionSyntax Atom(C8QLParser.AtomContext context)
    {
        switch (context.children[0])
        {
            case C8QLParser.NameContext name when context.ChildCount == 1:
                return NameReference(name);
            case C8QLParser.NameContext:
                return new CallSyntax(FunctionName(context), Arguments(context.arguments()), Span(context));
            case C8QLParser.ArrayContext array:
                return Array(array);
            case C8QLParser.ObjectContext members:
                return Object(members);
            case ITerminalNode { Symbol.Type: C8QLParser.VALUE_PARAMETER } parameter:
                return ValueParameter(parameter.Symbol);
            case ITerminalNode { Symbol.Type: C8QLParser.COLLECTION_PARAMETER } parameter:
                return CollectionParameter(parameter.Symbol);
            case ITerminalNode { Symbol.Type: C8QLParser.LIKE }:
                return new CallSyntax("LIKE", Arguments(context.arguments()), Span(context));
            default:
                return context.subquery() is { } subquery
                    ? new SubquerySyntax(operations.Subquery(subquery), Span(context))
                    : Build(context.expression());
        }
    }

    private static string FunctionName(C8QLParser.AtomContext context) =>
        string.Join("::", context.name().Select(Name)).ToUpperInvariant();

    private ImmutableArray<ExpressionSyntax> Arguments(C8QLParser.ArgumentsContext context)
    {
        var items = ImmutableArray.CreateBuilder<ExpressionSyntax>();
        if (context.subqueryArguments() is { } first)
            items.Add(Subquery(first));
        else if (context.expression() is { } expression)
            items.Add(Build(expression));
        foreach (var next in context.subqueryArguments()?.nextArgument() ?? context.nextArgument())
            items.Add(next.returning() is { } subquery ? Subquery(subquery) : Build(next.expression()));
        return items.ToImmutable();
    }

    private SubquerySyntax Subquery(ParserRuleContext context)
    {
        var inner = operations.Subquery(context);
        return new SubquerySyntax(inner, inner.Span);
    }

    private ArraySyntax Array(C8QLParser.ArrayContext context) => new(Expressions(context), Span(context));

    private ImmutableArray<ExpressionSyntax> Expressions(ParserRuleContext context)
    {
        var items = ImmutableArray.CreateBuilder<ExpressionSyntax>();
        foreach (var child in context.children)
        {
            if (child is C8QLParser.ExpressionContext expression)
                items.Add(Build(expression));
        }
        return items.ToImmutable();
    }

    private ObjectMemberSyntax Member(C8QLParser.MemberContext context)
    {
        var span = Span(context);
        switch (context.children[0])
        {
            case C8QLParser.NameContext name:
                var text = Name(name);
                var label = new LiteralSyntax(Value.FromString(text), Span(name.Start));
                return context.expression(0) is { } value
                    ? new ObjectMemberSyntax(label, Build(value), span)
                    : new ObjectMemberSyntax(label, NameReference(name), span);
            case ITerminalNode { Symbol.Type: C8QLParser.STRING } quoted:
                return new ObjectMemberSyntax(Literal(quoted.Symbol), Build(context.expression(0)), span);
            case ITerminalNode { Symbol.Type: C8QLParser.VALUE_PARAMETER } parameter:
                return new ObjectMemberSyntax(ValueParameter(parameter.Symbol), Build(context.expression(0)), span);
            default:
                return new ObjectMemberSyntax(Build(context.expression(0)), Build(context.expression(1)), span);
        }
    }
}
