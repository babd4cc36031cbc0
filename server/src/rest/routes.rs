//! The list of what REST offers: method, path, permission and handler stand in one line each.
//!
//! Every route passes one gate: who asks, may they, and has this very request been answered before. A handler cannot
//! be registered without a permission, and a test compares this list with the OpenAPI document.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};

use super::once;
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::problem::{Code, Problem};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// Below the base, with `{names}`.
    pub path: &'static str,
    /// What the caller must be allowed to do.
    pub permission: Permission,
}

/// The routes while they are collected.
pub struct Routes {
    app: App,
    router: Router<App>,
    list: Vec<Route>,
}

/// What the gate must know of a route.
#[derive(Clone)]
struct Gate {
    app: App,
    permission: Permission,
}

impl Routes {
    pub(super) fn new(app: App) -> Self {
        Self {
            app,
            router: Router::new(),
            list: Vec::new(),
        }
    }

    fn with<H, T>(
        mut self,
        filter: MethodFilter,
        method: Method,
        path: &'static str,
        permission: Permission,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let gate = Gate {
            app: self.app.clone(),
            permission,
        };
        let route = on(filter, handler).route_layer(from_fn_with_state(gate, pass));
        self.router = self.router.route(path, route);
        self.list.push(Route {
            method,
            path,
            permission,
        });
        self
    }

    pub(super) fn get<H, T>(self, path: &'static str, permission: Permission, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.with(MethodFilter::GET, Method::GET, path, permission, handler)
    }

    pub(super) fn post<H, T>(self, path: &'static str, permission: Permission, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.with(MethodFilter::POST, Method::POST, path, permission, handler)
    }

    pub(super) fn put<H, T>(self, path: &'static str, permission: Permission, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.with(MethodFilter::PUT, Method::PUT, path, permission, handler)
    }

    pub(super) fn patch<H, T>(self, path: &'static str, permission: Permission, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.with(MethodFilter::PATCH, Method::PATCH, path, permission, handler)
    }

    /// The router and the list it was made from.
    pub(super) fn into_parts(self) -> (Router<App>, Vec<Route>) {
        (self.router, self.list)
    }
}

async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let api = match Api::of(&parts, &gate.app).await {
        Ok(api) if api.may(gate.permission) => api,
        Ok(_) => return Problem::new(Code::Forbidden).into_response(),
        Err(problem) => return problem.into_response(),
    };
    let staff = api.staff.id;
    parts.extensions.insert(api);
    let request = Request::from_parts(parts, body);
    if request.method() == Method::POST {
        once::answer(&gate.app, staff, request, next).await
    } else {
        next.run(request).await
    }
}
