namespace GeoFabric.Database.Analysis;

/// <summary>Turns a text into the tokens it is found by. Immutable and shared between threads.</summary>
public abstract class Analyzer
{
    /// <summary>Whether the order of its tokens means something, so that phrases can be looked for.</summary>
    public virtual bool HasPositions => true;

    /// <summary>Adds the tokens of a text. The text is valid UTF-8.</summary>
    public abstract void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens);
}
