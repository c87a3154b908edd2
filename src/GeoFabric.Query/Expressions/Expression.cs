using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>
/// A bound expression: names are resolved, and it can be evaluated on a row. Immutable, shared by all executions of a cached plan.
/// </summary>
/// <remarks>What rules ask again and again is found once: a long condition has thousands of parts, and each is asked about beside each other.</remarks>
public abstract class Expression
{
    private static readonly HashSet<Variable> s_none = [];

    private IReadOnlySet<Variable>? _variables;

    /// <summary>One more than the purity; 0 before anybody has asked. The same from every thread that finds it, as all of these are.</summary>
    private int _knownPurity;

    private int _size;
    private Answer _mayWarn;

    /// <summary>
    /// The value for one row. Expressions with variables of their own (CURRENT, inline arrays) write them into their slots of the row.
    /// </summary>
    public abstract Value Evaluate(EvaluationContext context, Span<Value> row);

    /// <summary>Whether the value for one row is truthy; conditions ask for no more.</summary>
    public virtual bool IsTruthy(EvaluationContext context, Span<Value> row) => Evaluate(context, row).IsTruthy;

    public virtual ImmutableArray<Expression> Children => [];

    /// <summary>The same expression over other children, given in the order of <see cref="Children"/>.</summary>
    public virtual Expression WithChildren(ImmutableArray<Expression> children) => this;

    /// <summary>What a single evaluation of this node, children aside, depends on.</summary>
    public virtual FunctionPurity OwnPurity => FunctionPurity.Pure;

    /// <summary>Variables this node reads from the row itself, children aside.</summary>
    public virtual IReadOnlySet<Variable> OwnVariables => s_none;

    /// <summary>Whether evaluating this node, children aside, may add a warning or throw.</summary>
    public virtual bool OwnMayWarn => false;

    /// <summary>The variable that this node sets for its children, which is nothing to anybody else; null for most.</summary>
    public virtual Variable? Element => null;

    /// <summary>The expression as C8QL, for plans and messages.</summary>
    public abstract override string ToString();

    /// <summary>All variables of the row that are read anywhere inside.</summary>
    public IReadOnlySet<Variable> Variables() => _variables ??= FindVariables();

    public bool Uses(Variable variable) => Variables().Contains(variable);

    /// <summary>The worst purity anywhere inside.</summary>
    public FunctionPurity Purity()
    {
        if (_knownPurity > 0)
            return (FunctionPurity)(_knownPurity - 1);
        var worst = OwnPurity;
        foreach (var child in Children)
        {
            var purity = child.Purity();
            if (purity > worst)
                worst = purity;
        }
        _knownPurity = (int)worst + 1;
        return worst;
    }

    /// <summary>Whether evaluating the expression may add a warning or throw, so that running it more or less often would be seen.</summary>
    public bool MayWarn
    {
        get
        {
            if (_mayWarn == Answer.Unknown)
                _mayWarn = OwnMayWarn || Children.Any(child => child.MayWarn) ? Answer.Yes : Answer.No;
            return _mayWarn == Answer.Yes;
        }
    }

    /// <summary>How many nodes it has. Expressions of different size are not the same, which is quicker seen than by comparing them.</summary>
    public int Size => _size > 0 ? _size : _size = 1 + Children.Sum(child => child.Size);

    public bool IsConstant => this is ConstantExpression;

    /// <summary>Rebuilds the tree bottom-up; <paramref name="change"/> returns its argument to leave a node alone.</summary>
    public Expression Rewrite(Func<Expression, Expression> change)
    {
        var children = Children;
        ImmutableArray<Expression>.Builder? changed = null;
        for (var i = 0; i < children.Length; i++)
        {
            var child = children[i].Rewrite(change);
            if (!ReferenceEquals(child, children[i]) && changed is null)
            {
                changed = ImmutableArray.CreateBuilder<Expression>(children.Length);
                changed.AddRange(children, i);
            }
            changed?.Add(child);
        }
        return change(changed is null ? this : WithChildren(changed.MoveToImmutable()));
    }

    private enum Answer
    {
        Unknown,
        No,
        Yes,
    }

    private IReadOnlySet<Variable> FindVariables()
    {
        var found = OwnVariables;
        HashSet<Variable>? own = null;
        foreach (var child in Children)
        {
            var inner = child.Variables();
            if (inner.Count == 0 || ReferenceEquals(inner, found) || inner.IsSubsetOf(found))
                continue;
            if (found.Count == 0)
            {
                found = inner;
                continue;
            }
            own ??= [.. found];
            own.UnionWith(inner);
            found = own;
        }
        return Element is { } element && found.Contains(element) ? found.Where(variable => !variable.Equals(element)).ToHashSet() : found;
    }
}
