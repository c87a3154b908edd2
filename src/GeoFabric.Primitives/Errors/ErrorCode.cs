namespace GeoFabric.Primitives.Errors;

/// <summary>One row of the error table: what clients see as <c>errorNum</c>, <c>code</c> and the default <c>errorMessage</c>.</summary>
public sealed record ErrorCode(int Number, int HttpStatus, string Message)
{
    /// <summary>The exception for this error. <paramref name="detail"/> says what was wrong, with which value, and what would be right.</summary>
    public GeoFabricException With(string detail) => new(this, detail);

    public GeoFabricException With(string detail, Exception inner) => new(this, detail, inner);

    public GeoFabricException Create() => new(this, null);
}
