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
        Place = inner.Place;
    }

    public ErrorCode Code { get; }

    /// <summary>More attributes for the answer, such as the stored revision of a failed precondition.</summary>
    public IReadOnlyList<(string Name, string Text)> Details { get; init; } = [];

    /// <summary>Where in the text of the request the mistake is; null when it is not in a text, or all over it.</summary>
    public ErrorPlace? Place { get; private init; }

    /// <summary>The same error with a text in front of its message, unless it is there already.</summary>
    public GeoFabricException After(string prefix) => Message.StartsWith(prefix, StringComparison.Ordinal) ? this : new GeoFabricException(prefix + Message, this);

    /// <summary>The same error, with the place it is about.</summary>
    public GeoFabricException At(ErrorPlace? place) => place is null || place == Place ? this : new GeoFabricException(Message, this) { Place = place };

    public int ErrorNumber => Code.Number;

    public int HttpStatus => Code.HttpStatus;
}
