namespace GeoFabric.Language.Tests.Properties;

/// <summary>What is known about the rows of one query level while it is written.</summary>
internal sealed class GeneratedLevel(List<GeneratedVariable> outer)
{
    public List<GeneratedVariable> Scope { get; } = outer;

    public int Outer { get; } = outer.Count;

    /// <summary>Keys of the documents in a row; sorting by all of them fixes the order.</summary>
    public List<string> Keys { get; } = [];

    public bool IsOrdered { get; set; } = true;

    public bool HasTies { get; set; }

    public bool HasLoop { get; set; }

    public int Loops { get; set; }

    /// <summary>Brings a new variable into scope.</summary>
    public string Declare(ExpressionGenerator expressions, VariableKind kind)
    {
        var name = expressions.NewName();
        Scope.Add(new GeneratedVariable(name, kind));
        return name;
    }

    public void AfterCollect(List<GeneratedVariable> names)
    {
        Scope.RemoveRange(Outer, Scope.Count - Outer);
        Scope.AddRange(names);
        Keys.Clear();
        IsOrdered = true;
        HasTies = false;
    }
}
