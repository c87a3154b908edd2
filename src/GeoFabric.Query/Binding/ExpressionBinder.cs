using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Search;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Turns expressions as written into bound ones.</summary>
internal sealed class ExpressionBinder(BindingState state, Func<QuerySyntax, Scope, LogicalPlan> bindSubquery)
{
    /// <summary>Functions whose first argument may be a collection by name.</summary>
    private static readonly HashSet<string> CollectionFunctions = new(StringComparer.Ordinal)
    {
        "DOCUMENT", "IS_SAME_COLLECTION", "COLLECTION_COUNT", "NEAR", "WITHIN", "WITHIN_RECTANGLE", "FULLTEXT", "SCHEMA_GET", "SHARD_ID",
    };

    public Expression Bind(ExpressionSyntax syntax, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        state.ThrowIfStopped();
        return syntax switch
        {
            LiteralSyntax literal => new ConstantExpression(ReadLiteral(literal)),
            NameSyntax name => BindName(name, scope),
            ValueParameterSyntax parameter => new ParameterExpression(parameter.Name, state.ParameterIndex(parameter.Name)),
            CollectionParameterSyntax parameter => BindCollectionAsValue(ResolveCollectionParameter(parameter), parameter.Span),
            ArraySyntax array => new ArrayExpression(BindAll(array.Items, scope)),
            ObjectSyntax members => new ObjectExpression([.. members.Members.Select(member => BindMember(member, scope))]),
            AttributeSyntax attribute => new AttributeExpression(Bind(attribute.Target, scope), attribute.Name),
            BoundAttributeSyntax attribute => BindBoundAttribute(attribute, scope),
            IndexSyntax index => BindIndex(index, scope),
            ExpansionSyntax expansion => BindExpansion(expansion, scope),
            QuestionMarkSyntax question => BindQuestionMark(question, scope),
            UnarySyntax unary => new UnaryExpression(unary.Operator, Bind(unary.Operand, scope)),
            BinarySyntax binary => BindBinary(binary, scope),
            ArrayComparisonSyntax comparison => new ArrayComparisonExpression(
                comparison.Quantifier.Kind,
                comparison.Operator,
                Bind(comparison.Left, scope),
                Bind(comparison.Right, scope),
                BindOptional(comparison.Quantifier.Count, scope)),
            RangeSyntax range => new RangeExpression(Bind(range.Start, scope), Bind(range.End, scope)),
            ConditionalSyntax conditional => new ConditionalExpression(
                Bind(conditional.Condition, scope), BindOptional(conditional.WhenTrue, scope), Bind(conditional.WhenFalse, scope)),
            CallSyntax call => BindCall(call, scope),
            SubquerySyntax subquery => new SubqueryExpression(bindSubquery(subquery.Query, scope)),
            _ => throw SyntaxErrors.Parse(state.Text, syntax.Span.Start, "unexpected expression"),
        };
    }

    public Expression? BindOptional(ExpressionSyntax? syntax, Scope scope) => syntax is null ? null : Bind(syntax, scope);

    /// <summary>The collection a name or <c>@@parameter</c> stands for; any other expression names none.</summary>
    public string? CollectionName(ExpressionSyntax syntax, Scope? scope) => syntax switch
    {
        NameSyntax name when scope is null || !scope.TryFind(name.Name, out _) => name.Name,
        CollectionParameterSyntax parameter => ResolveCollectionParameter(parameter),
        _ => null,
    };

    /// <summary>A constant for OPTIONS, LIMIT and the like: literals, and parameters, whose values then shape the plan.</summary>
    public Value? StructuralConstant(ExpressionSyntax syntax)
    {
        switch (syntax)
        {
            case LiteralSyntax literal:
                return ReadLiteral(literal);
            case ValueParameterSyntax parameter:
                return state.StructuralParameter(parameter.Name);
            case UnarySyntax { Operator: UnaryOperator.Minus or UnaryOperator.Plus } unary when StructuralConstant(unary.Operand) is { } operand:
                return unary.Operator == UnaryOperator.Minus ? Arithmetic.Negate(operand) : Casts.ToNumber(operand);
            case ArraySyntax array:
                var items = array.Items.Select(StructuralConstant).ToList();
                return items.Exists(item => item is null) ? null : Value.FromList([.. items.Select(item => item!.Value)]);
            case ObjectSyntax members:
                using (var builder = new ValueBuilder())
                {
                    builder.BeginObject();
                    foreach (var member in members.Members)
                    {
                        if (StructuralConstant(member.Name) is not { } name || StructuralConstant(member.Value) is not { } value)
                            return null;
                        builder.WriteAttribute(Casts.ToText(name).Utf8, value);
                    }
                    builder.EndObject();
                    return builder.Build();
                }

            default:
                return null;
        }
    }

    /// <summary>A number too large for a double is null, with a warning.</summary>
    private Value ReadLiteral(LiteralSyntax literal)
    {
        if (literal.Value.IsNull && state.Text.Text[literal.Span.Start] is '.' or (>= '0' and <= '9'))
            state.Warn(ErrorCodes.NumberOutOfRange, $"the number {state.Text.Where(literal.Span)} is too large and became null");
        return literal.Value;
    }

    private ImmutableArray<Expression> BindAll(ImmutableArray<ExpressionSyntax> items, Scope scope) => [.. items.Select(item => Bind(item, scope))];

    private (Expression Name, Expression Value) BindMember(ObjectMemberSyntax member, Scope scope)
    {
        // { name } for short can only mean a variable, where { name: name } may mean a collection.
        if (member.Value is NameSyntax name && name.Span == member.Name.Span && !scope.TryFind(name.Name, out _))
            throw ErrorCodes.VariableNameUnknown.With($"'{name.Name}' {state.Text.Where(name.Span)}{NameSuggestion.For(name.Name, scope.Names())}");
        return (Bind(member.Name, scope), Bind(member.Value, scope));
    }

    private Expression BindName(NameSyntax name, Scope scope) =>
        scope.TryFind(name.Name, out var variable) ? new VariableExpression(variable) : BindCollectionAsValue(name.Name, name.Span, scope);

    /// <summary>A collection where only a value can stand: error 1568 when it exists, 1579 behind a modification of it, 1203 when it does not.</summary>
    private ConstantExpression BindCollectionAsValue(string name, SourceSpan span, Scope? scope = null)
    {
        if (name.Length > 0)
        {
            state.ThrowIfModified(name, span);
            state.FailExistence(state.CollectionExists(name)
                ? ErrorCodes.CollectionUsedInExpression.With($"'{name}' {state.Text.Where(span)}; use FOR to read it")
                : state.NotFound(name, $"'{name}' {state.Text.Where(span)} is neither a variable nor a collection{NameSuggestion.For(name, (scope?.Names() ?? []).Concat(state.CollectionNames))}", span));
        }
        return ConstantExpression.Null;
    }

    private string ResolveCollectionParameter(CollectionParameterSyntax parameter)
    {
        var value = state.StructuralParameter(parameter.Name);
        if (value.IsString && value.Utf8.Length > 0)
            return value.Text;
        if (state.HasParameter(parameter.Name))
            state.FailParameter(ErrorCodes.BindParameterType.With($"'{parameter.Name}' must be the name of a collection, a string that is not empty"));
        return "";
    }

    private Expression BindBoundAttribute(BoundAttributeSyntax attribute, Scope scope)
    {
        var target = Bind(attribute.Target, scope);
        var name = attribute.Parameter.Name;
        var value = state.StructuralParameter(name);
        if (value.IsString && value.Utf8.Length > 0)
            return new AttributeExpression(target, value.Text);
        if (value.IsArray && value.Items.Count > 0)
        {
            foreach (var item in value.Items)
            {
                if (!item.IsString || item.Utf8.Length == 0)
                    state.FailParameter(ErrorCodes.BindParameterType.With($"'{name}' must be an attribute name or an array of attribute names"));
                else
                    target = new AttributeExpression(target, item.Text);
            }
            return target;
        }
        if (state.HasParameter(name))
            state.FailParameter(ErrorCodes.BindParameterType.With($"'{name}' must be an attribute name or an array of attribute names"));
        return target;
    }

    private Expression BindIndex(IndexSyntax index, Scope scope)
    {
        var target = Bind(index.Target, scope);
        // A literal name in brackets is attribute access, and gets its speed.
        return index.Index is LiteralSyntax { Value: { IsString: true } name } && !long.TryParse(name.Text, out _)
            ? new AttributeExpression(target, name.Text)
            : new IndexExpression(target, Bind(index.Index, scope));
    }

    private ExpansionExpression BindExpansion(ExpansionSyntax expansion, Scope scope)
    {
        var target = Bind(expansion.Target, scope);
        var element = state.NewVariable("CURRENT");
        var inner = new Scope(scope);
        inner.Set("CURRENT", element);
        inner.Set(ExpansionSyntax.ElementName, element);
        var filter = BindOptional(expansion.Filter, inner);
        var projection = BindOptional(expansion.Return, inner);
        if (expansion.Projection is { } tail)
        {
            // With an inline RETURN the tail applies to what it returns, so that value takes the element's place.
            if (projection is null)
            {
                projection = Bind(tail, inner);
            }
            else
            {
                var returned = state.NewVariable("CURRENT");
                var outer = new Scope(scope);
                outer.Set(ExpansionSyntax.ElementName, returned);
                var first = new ExpansionExpression(
                    target, expansion.Depth, element, filter, BindOptional(expansion.LimitOffset, scope), BindOptional(expansion.LimitCount, scope), projection);
                return new ExpansionExpression(first, 1, returned, null, null, null, Bind(tail, outer));
            }
        }
        return new ExpansionExpression(
            target, expansion.Depth, element, filter, BindOptional(expansion.LimitOffset, scope), BindOptional(expansion.LimitCount, scope), projection);
    }

    private QuestionMarkExpression BindQuestionMark(QuestionMarkSyntax question, Scope scope)
    {
        var element = state.NewVariable("CURRENT");
        var inner = new Scope(scope);
        inner.Set("CURRENT", element);
        return new QuestionMarkExpression(
            Bind(question.Target, scope),
            question.Quantifier.Kind,
            BindOptional(question.Quantifier.Count, scope),
            BindOptional(question.Quantifier.Upper, scope),
            element,
            BindOptional(question.Condition, inner));
    }

    private Expression BindBinary(BinarySyntax binary, Scope scope)
    {
        var left = Bind(binary.Left, scope);
        var right = Bind(binary.Right, scope);
        return binary.Operator switch
        {
            BinaryOperator.And or BinaryOperator.Or => new LogicalExpression(binary.Operator == BinaryOperator.And, left, right),
            BinaryOperator.Like or BinaryOperator.NotLike or BinaryOperator.Matches or BinaryOperator.NotMatches => new PatternExpression(binary.Operator, left, right),
            BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo =>
                new ArithmeticExpression(binary.Operator, left, right),
            _ => new ComparisonExpression(binary.Operator, left, right),
        };
    }

    /// <exception cref="GeoFabricException">1540: no function has that name.</exception>
    public static FunctionDefinition FindFunction(BindingState state, CallSyntax call) =>
        FunctionCatalog.TryGet(call.Name, out var function) || SearchFunctions.OnIndexes.TryGetValue(call.Name, out function)
            ? function
            : throw ErrorCodes.FunctionNameUnknown.With($"'{call.Name}()' {state.Text.Where(call.Span)}{NameSuggestion.For(call.Name, FunctionCatalog.All.Select(f => f.Name))}");

    private Expression BindCall(CallSyntax call, Scope scope)
    {
        if (call.Name is "CALL" or "APPLY")
        {
            CheckCount(call, 1, call.Name == "CALL" ? FunctionDefinition.Unlimited : 2);
            return new DynamicCallExpression(call.Name == "APPLY", BindAll(call.Arguments, scope));
        }
        if (call.Name is "LENGTH" or "COUNT" && call.Arguments.Length == 1 && CollectionName(call.Arguments[0], scope) is { Length: > 0 } counted)
            return new CollectionCountExpression(state.UseCollection(counted, isWrite: false, call.Span));
        if (call.Name.Contains("::", StringComparison.Ordinal))
            return new UserFunctionExpression(call.Name, BindAll(call.Arguments, scope));
        if (call.Name is "BM25" or "TFIDF")
            return BindScore(call, scope);
        if (call.Name == "OFFSET_INFO")
            return BindOffsets(call, scope);
        var function = FindFunction(state, call);
        CheckCount(call, function.MinArguments, function.MaxArguments);
        if (state.Modified.Count > 0 && (call.Name is "DOCUMENT" or "COLLECTIONS"))
            throw ErrorCodes.AccessAfterModification.With($"{call.Name}() {state.Text.Where(call.Span)} may not follow a modification");
        var arguments = ImmutableArray.CreateBuilder<Expression>(call.Arguments.Length);
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            if (i == 0 && CollectionFunctions.Contains(call.Name) && CollectionName(call.Arguments[0], scope) is { Length: > 0 } name)
                arguments.Add(new ConstantExpression(Value.FromString(state.UseCollection(name, isWrite: false, call.Arguments[0].Span).Name)));
            else
                arguments.Add(Bind(call.Arguments[i], scope));
        }
        return new CallExpression(function, arguments.MoveToImmutable());
    }

    /// <summary>A score is a variable of the loop that searches; it is computed only when it is asked for.</summary>
    private VariableExpression BindScore(CallSyntax call, Scope scope)
    {
        var kind = call.Name == "BM25" ? ScorerKind.Bm25 : ScorerKind.Tfidf;
        CheckCount(call, 1, kind == ScorerKind.Bm25 ? 3 : 2);
        if (call.Arguments[0] is not NameSyntax name || !scope.TryFind(name.Name, out var variable) || !state.Searches.TryGetValue(variable, out var scorers))
            throw ErrorCodes.FunctionArgumentTypeMismatch.With($"the first argument of {call.Name}() {state.Text.Where(call.Span)} must be the variable of a FOR with SEARCH or over a view");
        // In the scope before any loop: a parameter must not depend on the document.
        var parameters = BindAll([.. call.Arguments.Skip(1)], new Scope(null));
        return new VariableExpression(scorers.VariableOf(kind, parameters, state.NewTemporary));
    }

    /// <summary>Where a search has found what it looked for is asked of the loop that searches, behind its condition.</summary>
    private OffsetInfoExpression BindOffsets(CallSyntax call, Scope scope)
    {
        CheckCount(call, 2, 2);
        if (call.Arguments[0] is not NameSyntax name || !scope.TryFind(name.Name, out var variable) || !state.SearchedLoops.TryGetValue(variable, out var loop))
            throw ErrorCodes.FunctionArgumentTypeMismatch.With($"the first argument of OFFSET_INFO() {state.Text.Where(call.Span)} must be the variable of a FOR with SEARCH or over a view, behind its condition");
        return new OffsetInfoExpression(loop, new VariableExpression(variable), Bind(call.Arguments[1], scope));
    }

    private void CheckCount(CallSyntax call, int minimum, int maximum)
    {
        if (call.Arguments.Length < minimum || call.Arguments.Length > maximum)
        {
            var most = maximum == FunctionDefinition.Unlimited ? "unlimited" : maximum.ToString(System.Globalization.CultureInfo.InvariantCulture);
            throw ErrorCodes.FunctionArgumentCountMismatch.With(
                $"invalid number of arguments for function '{call.Name}()', expected number of arguments: minimum: {minimum}, maximum: {most}, given: {call.Arguments.Length} {state.Text.Where(call.Span)}");
        }
    }
}
