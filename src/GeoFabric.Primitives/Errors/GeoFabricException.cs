namespace GeoFabric.Primitives.Errors;

/// <summary>An error with a row in the error table. Every refusal a client can cause is one of these.</summary>
public sealed class GeoFabricException : Exception
{
    public GeoFabricException(ErrorCode code, string? detail, Exception? inner = null)
        : base(code.Describe(detail), inner) => Code = code;

    private GeoFabricException(string message, GeoFabricException inner)
        : base(message, inner)
    {
        Code = inner.Code;
        Details = inner.Details;
    }

    public ErrorCode Code { get; }

    /// <summary>More attributes for the answer, such as the stored revision of a failed precondition.</summary>
    public IReadOnlyList<(string Name, string Text)> Details { get; init; } = [];

    /// <summary>The same error with a text in front of its message, unless it is there already.</summary>
    public GeoFabricException After(string prefix) => Message.StartsWith(prefix, StringComparison.Ordinal) ? this : new GeoFabricException(prefix + Message, this);

    public int ErrorNumber => Code.Number;

    public int HttpStatus => Code.HttpStatus;
}
