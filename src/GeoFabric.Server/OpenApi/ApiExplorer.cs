using GeoFabric.Server.Http;

namespace GeoFabric.Server.OpenApi;

/// <summary>The API document and the explorer over it, both without the network.</summary>
internal static class ApiExplorer
{
    private const string DocumentPath = "/openapi/v1.json";
    private const string TokenScriptPath = "/swagger/token.js";
    private const string FocusStylePath = "/swagger/focus.css";

    /// <summary>
    /// Hands the token of a console that is open in the same tab to the explorer, as soon as that knows the API document. It stays in the tab: the explorer
    /// is not told to remember it.
    /// </summary>
    private const string TokenScript = """
        (function () {
          const token = sessionStorage.getItem('geofabric.token');
          let attempts = 200;
          function hand() {
            if ((!window.ui || !window.ui.preauthorizeApiKey('bearer', token)) && --attempts > 0)
              setTimeout(hand, 50);
          }
          if (token)
            hand();
        })();

        """;

    /// <summary>The explorer's own styles take the mark of the focus from its fields, and show some buttons to a mouse alone; who goes by keys needs both.</summary>
    private const string FocusStyle = """
        :focus-visible { outline: 2px solid #1466d8 !important; outline-offset: 2px; }
        .swagger-ui .opblock-summary:focus-within .view-line-link { width: 24px !important; margin: 0 5px; }

        """;

    /// <summary>Serves the explorer's pages at /swagger. Other paths do not pass through it: it matches patterns on every path it sees.</summary>
    public static void Use(WebApplication application) =>
        application.UseWhen(http => http.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal), explorer =>
        {
            explorer.Use((http, next) =>
            {
                // The explorer writes its styles into the page; scripts may come from this server only.
                http.Response.Headers.ContentSecurityPolicy =
                    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'";
                return next(http);
            });
            explorer.Use((http, next) => http.Request.Path.Value switch
            {
                TokenScriptPath => SendAsync(http, "text/javascript", TokenScript),
                FocusStylePath => SendAsync(http, "text/css", FocusStyle),
                _ => next(http),
            });
            explorer.UseSwaggerUI(options =>
            {
                options.RoutePrefix = "swagger";
                options.DocumentTitle = "GeoFabric API";
                options.InjectJavascript(TokenScriptPath);
                options.InjectStylesheet(FocusStylePath);
                options.SwaggerEndpoint(DocumentPath, "GeoFabric");
                options.ConfigObject.DocExpansion = Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None;
            });
        });

    public static void Map(WebApplication application)
    {
        var document = OpenApiDocument.Write();
        application.MapGet(DocumentPath, (RequestDelegate)(http => ResultWriter.SendAsync(http, 200, document)));
    }

    private static Task SendAsync(HttpContext http, string type, string content)
    {
        http.Response.ContentType = $"{type}; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        return http.Response.WriteAsync(content, http.RequestAborted);
    }
}
