namespace GeoFabric.Primitives.Errors;

/// <summary>One row of the error table: what clients see as <c>errorNum</c>, <c>code</c> and the default <c>errorMessage</c>.</summary>
public sealed record ErrorCode(int Number, int HttpStatus, string Message)
{
    /// <summary>The exception for this error. <paramref name="detail"/> says what was wrong, with which value, and what would be right.</summary>
    public GeoFabricException With(string detail) => new(this, detail);

    public GeoFabricException With(string detail, Exception inner) => new(this, detail, inner);

    /// <summary>The message with a detail. A detail that begins with the message already stands for both.</summary>
    public string Describe(string? detail) =>
        detail is null ? Message : detail.StartsWith(Message, StringComparison.Ordinal) ? detail : $"{Message}: {detail}";

    public GeoFabricException Create() => new(this, null);
}
