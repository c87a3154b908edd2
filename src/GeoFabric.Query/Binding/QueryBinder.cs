using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Logical.Merging;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>
/// Turns a query as written into a logical plan: names become variables and collections, patterns become calculations, and the static rules
/// of the language are checked.
/// </summary>
/// <remarks>Errors come in the order clients see: names and arity first, then parameters, then collections that do not exist.</remarks>
public sealed class QueryBinder
{
    private readonly BindingState _state;
    private readonly ExpressionBinder _expressions;
    private readonly CollectBinder _collect;
    private readonly ModificationBinder _modifications;
    private readonly GraphBinder _graphs;

    private QueryBinder(QueryText text, CatalogSnapshot catalog, Value bindVars, Action throwIfStopped)
    {
        _state = new BindingState(text, catalog, bindVars, throwIfStopped);
        _expressions = new ExpressionBinder(_state, BindLevel);
        _collect = new CollectBinder(_state, _expressions);
        _modifications = new ModificationBinder(_state, _expressions);
        _graphs = new GraphBinder(_state, _expressions);
    }

    public static BoundQuery Bind(QuerySyntax query, QueryText text, CatalogSnapshot catalog, Value bindVars, Action throwIfStopped)
    {
        var binder = new QueryBinder(text, catalog, bindVars, throwIfStopped);
        foreach (var name in query.With)
        {
            if (binder._expressions.CollectionName(name, null) is not { } collection)
                throw ErrorCodes.BindParameterType.With($"WITH {text.Where(name.Span)} takes names of collections or @@parameters");
            if (collection.Length > 0)
                binder._state.UseCollection(collection, isWrite: false, name.Span);
        }
        var plan = binder.BindLevel(query, null);
        return binder._state.Finish(plan.IsModification ? binder.InferOperations(plan) : plan);
    }

    /// <summary>Binds the top level (no scope around it) or a subquery.</summary>
    private LogicalPlan BindLevel(QuerySyntax query, Scope? around)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var scope = new Scope(around);
        var nodes = ImmutableArray.CreateBuilder<LogicalNode>();
        _state.Level++;
        nodes.Add(new SingletonNode());
        foreach (var operation in query.Operations)
            scope = BindOperation(operation, scope, nodes, isTop: around is null);
        if (nodes[^1] is not ReturnNode && !nodes[^1].IsModification)
            throw SyntaxErrors.Parse(_state.Text, query.Span.End, "a query must end with RETURN or with a modification");
        _state.LeaveLevel();
        return new LogicalPlan(nodes.ToImmutable());
    }

    private LogicalPlan InferOperations(LogicalPlan plan) =>
        new MergeOperationInference(_state.TryNewTemporary, detail => _state.Warn(ErrorCodes.ReadModifyWrite, detail)).Apply(plan);

    private Scope BindOperation(OperationSyntax operation, Scope scope, ImmutableArray<LogicalNode>.Builder nodes, bool isTop)
    {
        switch (operation)
        {
            case ForSyntax loop:
                BindFor(loop, scope, nodes);
                break;
            case FilterSyntax filter:
                nodes.Add(new FilterNode(BindEager(filter.Condition, scope, nodes)));
                break;
            case LetSyntax let:
                BindTarget(let.Target, _expressions.Bind(let.Value, scope), scope, nodes);
                break;
            case SortSyntax sort:
                BindSort(sort, scope, nodes);
                break;
            case LimitSyntax limit:
                nodes.Add(BindLimit(limit));
                break;
            case CollectSyntax collect:
                return _collect.Bind(collect, scope, nodes);
            case ReturnSyntax result:
                if (result.IsDistinct && isTop && !scope.IsInsideLoop && !nodes.Any(node => node is CollectNode))
                    throw SyntaxErrors.Parse(_state.Text, result.Span.Start, "RETURN DISTINCT needs a FOR before it");
                nodes.Add(new ReturnNode(_expressions.Bind(result.Expression, scope), result.IsDistinct));
                break;
            case InsertSyntax or UpdateSyntax or RemoveSyntax or UpsertSyntax:
                nodes.Add(_modifications.Bind(operation, scope));
                break;
            case TraversalSyntax traversal:
                _graphs.BindTraversal(traversal, scope, nodes);
                break;
            case PathSearchSyntax search:
                _graphs.BindPathSearch(search, scope, nodes);
                break;
            case WindowSyntax window:
                nodes.Add(new WindowBinder(_state, _expressions).Bind(window, scope, nodes, (name, span) => Declare(name, span, scope)));
                break;
            default:
                throw SyntaxErrors.Parse(_state.Text, operation.Span.Start, "unexpected operation");
        }
        return scope;
    }

    private void BindFor(ForSyntax loop, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        var collectionName = _expressions.CollectionName(loop.Source, scope);
        if (loop.Search is not null || (collectionName is not null && _state.TryGetView(collectionName, out _)))
        {
            new SearchBinder(_state, _expressions, (name, span) => Declare(name, span, scope)).Bind(loop, collectionName, scope, nodes);
            return;
        }
        var collection = collectionName is { Length: > 0 } ? _state.LoopOver(collectionName, loop.Source.Span) : null;
        var source = collectionName is null ? BindEager(loop.Source, scope, nodes) : null;
        var hint = new OptionsBinder(_state, _expressions, "FOR").ReadForOptions(loop.Options);
        scope.IsInsideLoop = true;
        Variable variable;
        if (loop.Target is NameTargetSyntax name)
        {
            variable = Declare(name.Name, name.Span, scope);
            AddSource(variable);
            return;
        }
        variable = _state.NewTemporary();
        AddSource(variable);
        BindTarget(loop.Target, new VariableExpression(variable), scope, nodes);

        void AddSource(Variable item)
        {
            if (source is not null)
                nodes.Add(new EnumerateListNode(item, source));
            else if (collection is not null)
                nodes.Add(new EnumerateCollectionNode(item, collection, hint));
            else
                nodes.Add(new EnumerateListNode(item, ConstantExpression.Null));
        }
    }

    /// <summary>Binds a name or pattern to a value; missing parts and wrong kinds give null.</summary>
    private void BindTarget(TargetSyntax target, Expression value, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        switch (target)
        {
            case NameTargetSyntax name:
                nodes.Add(new CalculationNode(Declare(name.Name, name.Span, scope), value));
                break;
            case ArrayTargetSyntax array:
                var items = Hold(value, nodes);
                for (var i = 0; i < array.Items.Length; i++)
                {
                    if (array.Items[i] is { } item)
                        BindTarget(item, new PatternItemExpression(items, i), scope, nodes);
                }
                break;
            case ObjectTargetSyntax members:
                var attributes = Hold(value, nodes);
                foreach (var (attribute, inner) in members.Members)
                    BindTarget(inner, new AttributeExpression(attributes, attribute), scope, nodes);
                break;
            default:
                throw SyntaxErrors.Parse(_state.Text, target.Span.Start, "unexpected pattern");
        }
    }

    /// <summary>Keeps a value that several parts of a pattern read in a variable of its own.</summary>
    private VariableExpression Hold(Expression value, ImmutableArray<LogicalNode>.Builder nodes)
    {
        if (value is VariableExpression variable)
            return variable;
        var temporary = _state.NewTemporary();
        nodes.Add(new CalculationNode(temporary, value));
        return new VariableExpression(temporary);
    }

    /// <summary>Binds what decides which rows there are. If it changes documents it is a step of its own, which happens for every row however few are wanted.</summary>
    private Expression BindEager(ExpressionSyntax syntax, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        var modified = _state.Modified.Count;
        var expression = _expressions.Bind(syntax, scope);
        return _state.Modified.Count == modified ? expression : Hold(expression, nodes);
    }

    private Variable Declare(string name, SourceSpan span, Scope scope)
    {
        var variable = Declare(_state, name, span, scope);
        (scope.IsInsideLoop ? scope.Listed : scope.Unlooped).Add(variable);
        return variable;
    }

    /// <summary>Declares a variable of a loop.</summary>
    internal static Variable DeclareListed(BindingState state, string name, SourceSpan span, Scope scope)
    {
        var variable = Declare(state, name, span, scope);
        scope.Listed.Add(variable);
        return variable;
    }

    internal static Variable Declare(BindingState state, string name, SourceSpan span, Scope scope)
    {
        if (scope.TryFind(name, out _))
            throw ErrorCodes.VariableRedeclared.With($"'{name}' {state.Text.Where(span)} already stands for another value here");
        var variable = state.NewVariable(name);
        scope.Set(name, variable);
        return variable;
    }

    private void BindSort(SortSyntax sort, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        var items = ImmutableArray.CreateBuilder<SortItem>();
        foreach (var item in sort.Items)
        {
            var expression = _expressions.Bind(item.Expression, scope);
            var isDescending = item.IsDescending;
            if (item.Direction is not null)
                isDescending = ReadDirection(item.Direction);
            if (expression is not ConstantExpression)
                items.Add(new SortItem(expression, isDescending));
        }
        if (items.Count > 0)
            nodes.Add(new SortNode(items.ToImmutable()));
        else if (nodes[^1] is CollectNode collect)
            nodes[^1] = collect with { IsSorted = false };
    }

    private bool ReadDirection(ExpressionSyntax syntax)
    {
        var value = _expressions.StructuralConstant(syntax);
        if (value is { IsString: true } text && text.Text.ToUpperInvariant() is "ASC" or "DESC")
            return string.Equals(text.Text, "DESC", StringComparison.OrdinalIgnoreCase);
        if (value is { IsBoolean: true } or { IsNumber: true })
            return !value.Value.IsTruthy;
        if (syntax is ValueParameterSyntax parameter && !_state.HasParameter(parameter.Name))
            return false;
        throw SyntaxErrors.Parse(_state.Text, syntax.Span.Start, "the direction of SORT must be ASC, DESC, a boolean or a number,");
    }

    private LimitNode BindLimit(LimitSyntax limit)
    {
        var offset = limit.Offset is null ? null : BindLimitNumber(limit.Offset);
        return new LimitNode(offset, BindLimitNumber(limit.Count));
    }

    private Expression BindLimitNumber(ExpressionSyntax syntax)
    {
        if (syntax is ValueParameterSyntax parameter)
            return new ParameterExpression(parameter.Name, _state.ParameterIndex(parameter.Name));
        if (_expressions.StructuralConstant(syntax) is not { } value || !(value.IsNumber || value.IsNull))
        {
            return IsSum(syntax)
                ? _expressions.Bind(syntax, new Scope(null))
                : throw SyntaxErrors.Parse(_state.Text, syntax.Span.Start, "LIMIT takes numbers or parameters only,");
        }
        LimitNumber.Read(value, defaultValue: 0);
        return new ConstantExpression(value);
    }

    /// <summary>Sums and products of numbers and parameters, which need no row and never warn.</summary>
    private static bool IsSum(ExpressionSyntax syntax) => syntax switch
    {
        LiteralSyntax { Value.IsNumber: true } or ValueParameterSyntax => true,
        UnarySyntax { Operator: UnaryOperator.Minus or UnaryOperator.Plus } unary => IsSum(unary.Operand),
        BinarySyntax { Operator: BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply } binary => IsSum(binary.Left) && IsSum(binary.Right),
        _ => false,
    };
}
