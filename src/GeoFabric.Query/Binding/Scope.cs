using System.Diagnostics.CodeAnalysis;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Binding;

/// <summary>The variables of one query level, or of one inline array expression, on top of those around it.</summary>
internal sealed class Scope(Scope? parent)
{
    /// <summary>Pseudo-variables have a second spelling, which no name of a query can be mistaken for.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["$CURRENT"] = "CURRENT",
        ["$OLD"] = "OLD",
        ["$NEW"] = "NEW",
    };

    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);

    public Scope? Parent { get; } = parent;

    /// <summary>Variables that a COLLECT INTO without expression lists, in order: those declared inside a FOR of this level.</summary>
    public List<Variable> Listed { get; } = [];

    /// <summary>Variables declared before the first FOR of this level, which INTO lists only when there is no FOR at all.</summary>
    public List<Variable> Unlooped { get; } = [];

    /// <summary>Whether a FOR of this level has begun.</summary>
    public bool IsInsideLoop { get; set; }

    public bool TryFind(string name, [NotNullWhen(true)] out Variable? variable) =>
        TryFindExactly(name, out variable) || (Aliases.TryGetValue(name, out var other) && TryFindExactly(other, out variable));

    private bool TryFindExactly(string name, [NotNullWhen(true)] out Variable? variable)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._variables.TryGetValue(name, out variable))
                return true;
        }
        variable = null;
        return false;
    }

    /// <summary>The names that queries can use here, innermost first.</summary>
    public IEnumerable<string> Names()
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            foreach (var name in scope._variables.Keys.Order(StringComparer.Ordinal))
                yield return name;
        }
    }

    public void Set(string name, Variable variable) => _variables[name] = variable;

    public void Remove(string name) => _variables.Remove(name);
}
